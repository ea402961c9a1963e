package io.matriarch.dcs.etcd;

/**
 * The store answered with an error that the operation itself can act on. Never leaves the package.
 */
final class StoreRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    StoreRejected(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
