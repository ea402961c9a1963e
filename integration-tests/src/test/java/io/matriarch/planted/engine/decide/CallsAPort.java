package io.matriarch.planted.engine.decide;

import io.matriarch.planted.engine.port.StorePort;

/** Breaks: decide calls no port. */
final class CallsAPort {
    void act(StorePort store) {
        store.write("leader");
    }
}
