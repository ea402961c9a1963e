package io.matriarch.engine.simulation;

import io.matriarch.engine.port.PostgresAction;

/** Hears everything that members do to the world. The checks are observers; so can a test be. */
interface Observer {
    /** The store has just carried out (or refused) an operation of this member. */
    default void atStore(Node node, StoreCall.Operation operation) {}

    /** The member is about to hear what came of its operation. */
    default void answered(Node node, StoreCall.Operation operation) {}

    /** The member does something that is not mere looking. */
    default void effect(Node node, Effect effect) {}

    /**
     * The member starts an action.
     *
     * @param busy another one is still running
     */
    default void starts(Node node, PostgresAction action, boolean busy) {}

    /** The promote command is being given to the server, now. */
    default void promotes(Node node) {}

    /** The data directory is about to be removed on behalf of this action. */
    default void wipes(Node node, PostgresAction action) {}

    /** What a member does. */
    record Effect(Kind kind, String text) {
        enum Kind {
            FENCE,
            STOP,
            ACTION,
            CHECKPOINT,
            STORE,
            PROBE
        }
    }
}
