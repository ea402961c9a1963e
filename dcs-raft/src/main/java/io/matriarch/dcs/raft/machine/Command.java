package io.matriarch.dcs.raft.machine;

import java.util.Objects;
import java.util.Optional;

/**
 * One entry of the log, decoded. A scope is named by its path, an entry of it by the key below that
 * path. Durations are nanoseconds of replicated time.
 */
public sealed interface Command {
    /** Yields everything in one scope. Through the log, so that it is never stale. */
    record Read(String path) implements Command {
        public Read {
            Objects.requireNonNull(path, "path");
        }
    }

    /**
     * Takes or renews the lease for the sender's process, and writes what rides along only if that
     * succeeds.
     *
     * @param member the name that the leader record shall carry
     * @param ttl how long the lease lives from now on
     * @param status the new status entry, if any
     * @param failsafe the new failsafe entry, if any
     */
    record Claim(
            String path,
            String member,
            long ttl,
            Optional<String> status,
            Optional<String> failsafe)
            implements Command {
        public Claim {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(failsafe, "failsafe");
        }
    }

    /** Writes a last status and deletes the leader record, if it is the sender's. */
    record Release(String path, String member, Optional<String> status) implements Command {
        public Release {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(status, "status");
        }
    }

    /** Writes a member record, bound to the sender's session. */
    record Touch(String path, String member, long ttl, String text) implements Command {
        public Touch {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(text, "text");
        }
    }

    /** Writes or, without a text, deletes an entry if the condition holds. */
    record Put(String path, String key, Optional<String> text, Condition condition)
            implements Command {
        public Put {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(condition, "condition");
        }
    }

    /** Deletes a scope, and all scopes whose paths lie below its path. */
    record Purge(String path) implements Command {
        public Purge {
            Objects.requireNonNull(path, "path");
        }
    }

    /**
     * From here on the ticks of this reign move the clock, and no others.
     *
     * @param id differs from that of each other reign
     */
    record Reign(long id) implements Command {}

    /**
     * Moves the clock.
     *
     * @param reign the reign that the tick belongs to
     * @param sequence 1 for the first tick of a reign, and one more for each that follows
     * @param elapsed what the proposer's monotonic clock counted since it made the tick before
     */
    record Tick(long reign, long sequence, long elapsed) implements Command {}

    /** Ends a session with all that is bound to it, as an operator may want. */
    record EndSession(long session) implements Command {}

    /** Counts the sessions. */
    record CountSessions() implements Command {}

    /** When a write takes effect. */
    sealed interface Condition {
        /** Always. */
        record Always() implements Condition {}

        /** If there is no such entry. */
        record Absent() implements Condition {}

        /** If the entry has this version. */
        record Unchanged(long version) implements Condition {}
    }
}
