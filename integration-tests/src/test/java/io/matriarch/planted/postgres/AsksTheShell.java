package io.matriarch.planted.postgres;

import io.matriarch.planted.engine.shell.Lane;

/** Breaks: postgres does not see the shell. */
record AsksTheShell(Lane known) {}
