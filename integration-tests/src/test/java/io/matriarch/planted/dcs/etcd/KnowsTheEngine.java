package io.matriarch.planted.dcs.etcd;

import io.matriarch.planted.engine.model.Fact;

/** Breaks: a backend sees spi only. */
record KnowsTheEngine(Fact known) {}
