package io.matriarch.engine.simulation;

import java.util.HashSet;
import java.util.Set;

/** Who can send to whom: machines among each other, for REST and for replication. */
final class Network {
    private record Link(String from, String to) {}

    private final Set<Link> cut = new HashSet<>();

    /** One way only. */
    void cut(String from, String to) {
        cut.add(new Link(from, to));
    }

    void cutBoth(String one, String other) {
        cut(one, other);
        cut(other, one);
    }

    void mend(String from, String to) {
        cut.remove(new Link(from, to));
    }

    void mendBoth(String one, String other) {
        mend(one, other);
        mend(other, one);
    }

    void mendAll() {
        cut.clear();
    }

    boolean passes(String from, String to) {
        return !cut.contains(new Link(from, to));
    }

    /** A question and its answer, or a TCP connection. */
    boolean talks(String one, String other) {
        return passes(one, other) && passes(other, one);
    }
}
