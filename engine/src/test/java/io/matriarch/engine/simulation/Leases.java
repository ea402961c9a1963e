package io.matriarch.engine.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * The truth about leases, on true time: until when each member may rely on what it was told, and
 * until when the store promised.
 */
final class Leases implements Observer {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Map<String, Long> told = new HashMap<>();
    private final Map<String, Long> promised = new HashMap<>();

    @Override
    public void atStore(Node node, StoreCall.Operation operation) {
        if (operation.proves() > 0) {
            promised.merge(node.name(), operation.sentAt() + operation.proves(), Math::max);
        }
        if (operation.verb() == StoreCall.Verb.RELEASE && operation.applied()) {
            promised.remove(node.name());
        }
    }

    @Override
    public void answered(Node node, StoreCall.Operation operation) {
        if (operation.proves() > 0) {
            told.merge(node.name(), operation.sentAt() + operation.proves(), Math::max);
            node.server().bootstrapped();
        }
        if (operation.verb() == StoreCall.Verb.RELEASE && operation.applied()) {
            told.remove(node.name());
        }
    }

    /** The member's own, conservative deadline. */
    long toldUntil(Node node) {
        return told.getOrDefault(node.name(), NEVER);
    }

    /** Until then the store has promised the lease to this member, whether it knows or not. */
    long promisedUntil(Node node) {
        return promised.getOrDefault(node.name(), NEVER);
    }
}
