package io.matriarch.conformance;

import io.matriarch.conformance.Wrapped.Sound;
import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;

/** Where a client is to be opened, and who is to be told of changes. */
record Site(DcsConfig config, DcsListener listener, MemoryStore store) {
    /** A client without faults, which tells the listener of everything. */
    Sound open() {
        return open(listener);
    }

    /** A client without faults, which tells somebody in the listener's place. */
    Sound open(DcsListener instead) {
        return new Sound(new MemoryDcsProvider(store).open(config, instead), config, store);
    }
}
