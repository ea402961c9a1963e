package io.matriarch.planted.cli;

import io.matriarch.planted.postgres.Server;

/** Breaks: the ctl sees the engine only. */
record KnowsPostgres(Server known) {}
