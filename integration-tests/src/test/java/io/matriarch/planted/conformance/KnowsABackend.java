package io.matriarch.planted.conformance;

import io.matriarch.planted.dcs.etcd.Backend;

/** Breaks: the kit sees spi only. */
record KnowsABackend(Backend known) {}
