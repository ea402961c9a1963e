package io.matriarch.engine.decide;

import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a decision wants done, carried out in order by the shell. */
public sealed interface Effect {
    /** Starts a long action on PostgreSQL; none is running. */
    record Start(PostgresAction action) implements Effect {}

    /** Asks the running action to end. */
    record CancelAction() implements Effect {}

    /** No process of the server may write after the budget. */
    record Fence(StopMode mode, Duration budget) implements Effect {}

    /** Takes the free lease, judged by the current view. */
    record Acquire() implements Effect {}

    /** Proves the lease now, out of turn. */
    record Renew() implements Effect {}

    /** Gives the lease up, publishing the position first. */
    record Release(Optional<Lsn> position) implements Effect {}

    /** Asks these members about themselves. */
    record Probe(Set<String> members) implements Effect {
        public Probe {
            members = Set.copyOf(members);
        }
    }

    /** Writes the empty initialize key, if there is none. */
    record ClaimInitialize() implements Effect {}

    /** Writes the system identifier. */
    record WriteInitialize(String systemId, Guard guard) implements Effect {}

    /**
     * Removes the empty initialize key of a bootstrap that failed, if it still has this version.
     */
    record DropInitialize(Version version) implements Effect {}

    /** Writes the dynamic configuration if there is none. */
    record WriteConfig(Map<String, Object> document) implements Effect {}

    /** Clears the failover key if it still has this version. */
    record ClearFailover(Version version) implements Effect {}

    /** Rewrites the failover key if it still has this version. */
    record RewriteFailover(FailoverRequest request, Version version) implements Effect {}

    /** Refuses a pending order with a REST status and text. */
    record RefuseOrder(int status, String body) implements Effect {}

    /** Ends the daemon; PostgreSQL is left as it is. */
    record Exit(int code, String message) implements Effect {}
}
