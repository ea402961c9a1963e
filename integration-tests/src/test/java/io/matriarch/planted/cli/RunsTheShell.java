package io.matriarch.planted.cli;

import io.matriarch.planted.engine.shell.Lane;

/** Breaks: the ctl does not see the shell. */
record RunsTheShell(Lane known) {}
