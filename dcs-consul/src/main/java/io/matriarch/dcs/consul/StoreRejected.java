package io.matriarch.dcs.consul;

/** Consul answered with an error that had no effect, and that only the caller can act on. */
final class StoreRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreRejected(String message) {
        super(message);
    }
}
