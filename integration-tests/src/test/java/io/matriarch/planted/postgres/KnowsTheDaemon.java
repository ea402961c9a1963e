package io.matriarch.planted.postgres;

import io.matriarch.planted.daemon.Wiring;

/** Breaks: postgres sees the engine only. */
record KnowsTheDaemon(Wiring known) {}
