package io.matriarch.lab;

/** The lab cannot go on; the message is one sentence for the person who started it. */
public final class LabException extends Exception {
    private static final long serialVersionUID = 1;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
