package io.matriarch.planted.engine.shell;

import io.matriarch.planted.engine.rest.NeedsShell;

/** Half of a cycle between packages. */
record NeedsRest(NeedsShell rest) {}
