package io.matriarch.engine.port;

/** How an action ended. */
public sealed interface ActionResult {
    /** Done. */
    record Succeeded() implements ActionResult {}

    /** The server process lives but does not accept connections yet. */
    record StillStarting() implements ActionResult {}

    /** Not done; one sentence why. */
    record Failed(String reason) implements ActionResult {}

    /** Cancelled before it had an effect that matters. */
    record Cancelled() implements ActionResult {}

    /** pre_promote said no. */
    record PrePromoteFailed(String reason) implements ActionResult {}

    /** Of a divergence check: whether a rewind is needed. */
    record Divergence(boolean rewindNeeded) implements ActionResult {}

    /** Of a divergence check or a rewind: cannot be told yet, try again; one sentence why. */
    record NotYet(String reason) implements ActionResult {}

    default boolean succeeded() {
        return this instanceof Succeeded;
    }
}
