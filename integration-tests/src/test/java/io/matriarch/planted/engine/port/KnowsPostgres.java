package io.matriarch.planted.engine.port;

import io.matriarch.planted.postgres.Server;

/** Breaks: the engine sees spi only. */
record KnowsPostgres(Server known) {}
