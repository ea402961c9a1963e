package io.matriarch.planted.daemon;

import io.matriarch.planted.dcs.etcd.Backend;

/** Breaks: the daemon sees no backend. */
record KnowsABackend(Backend known) {}
