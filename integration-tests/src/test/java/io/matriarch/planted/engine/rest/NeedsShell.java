package io.matriarch.planted.engine.rest;

import io.matriarch.planted.engine.shell.Lane;

/** Half of a cycle between packages. */
public record NeedsShell(Lane lane) {}
