package io.matriarch.spi;

import java.util.Optional;

/**
 * One scope in one consensus store, as one member (or a read-only client) uses it. The rules are in
 * {@code CONTRACT.md}; the ids below cite it.
 *
 * <p>Calls block until they are answered or their deadline has passed (D1), and may come from
 * several threads; those that concern the lease come from one thread at a time. Every call may
 * throw {@link DcsException}.
 */
public interface Dcs extends AutoCloseable {
    /** What this backend grants. Answers from memory, never blocks. */
    DcsTraits traits();

    /**
     * One consistent view with versions (R1 to R5).
     *
     * @param scope this backend's own scope, or another below the same namespace
     */
    Snapshot read(Scope scope, Deadline deadline);

    /**
     * Takes the lease if nobody holds it, or if it already is mine by name (L1, L3).
     *
     * @param judged the snapshot in which the caller saw the lease free
     */
    Outcome<Lease> acquire(Snapshot judged, Deadline deadline);

    /**
     * Prolongs the lease: the only proof of leadership (L2, L4 to L8). If the record vanished and
     * nobody took it, it is created again; if it carries my name but another session, it is taken
     * over.
     *
     * @param seen the latest snapshot
     */
    Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline);

    /**
     * Gives the lease up: writes {@code lastStatus} first, if given, then deletes the record only
     * if it is mine (L10, L11). Repeating it is harmless.
     */
    Outcome<Outcome.Done> release(Lease lease, Optional<Value> lastStatus, Deadline deadline);

    /** Writes the own member record, bound to my session (M1 to M3). */
    Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline);

    /**
     * Writes or, with an empty value, deletes one entry under a guard (W1 to W6).
     *
     * @param kind any kind but {@link EntryKind#LEADER} and {@link EntryKind#MEMBER}
     * @return the new version; for a deletion, a version that no later entry carries
     */
    Outcome<Version> write(EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline);

    /** Deletes everything below the scope's path. */
    Outcome<Outcome.Done> purge(Deadline deadline);

    /** Applies new timing without losing the lease (S3). */
    void reconfigure(DcsSettings settings);

    /**
     * Ends all threads and connections within 5 s. Does not release: the lease is left to expire
     * (S5).
     */
    @Override
    void close();
}
