package io.matriarch.dcs.zookeeper;

/**
 * No answer to a request: the connection or the session went, or the time was over. The request may
 * have taken effect.
 */
final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(String message) {
        super(message, null, false, false);
    }
}
