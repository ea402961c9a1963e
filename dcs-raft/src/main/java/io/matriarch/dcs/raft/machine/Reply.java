package io.matriarch.dcs.raft.machine;

import java.util.List;
import java.util.Objects;

/** What applying an entry yielded. */
public sealed interface Reply {
    /**
     * A scope as it is.
     *
     * @param now the replicated clock
     */
    record View(long now, List<Found> entries) implements Reply {
        public View {
            entries = List.copyOf(entries);
        }
    }

    /**
     * An entry of a {@link View}.
     *
     * @param session the session that it is bound to, or 0
     */
    record Found(String key, String text, long version, long session) {
        public Found {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(text, "text");
        }
    }

    /** The lease is the sender's. */
    record Granted(long epoch, long version) implements Reply {}

    /** It was done; the entry, if one was meant, has this version now. */
    record Done(long version) implements Reply {}

    /** It was not done, and nothing was changed. */
    record Refused(Reason reason, String detail) implements Reply {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** How many there are. */
    record Count(int number) implements Reply {}

    /** Why something was not done. */
    enum Reason {
        HELD_BY_OTHER,
        NOT_MINE,
        VERSION_CHANGED,
        EXISTS,
        MISSING,
        /** A newer request of the same process was applied before. */
        OVERTAKEN,
        /** It came after its time, or so late that nobody can tell whether it was done before. */
        TOO_LATE,
        /** This key is not written this way. */
        FORBIDDEN
    }
}
