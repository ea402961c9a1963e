package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;

/** Faults in taking, keeping and giving up the lease. */
enum LeaseFault implements Planted {
    /** The snapshot may be older than the lease of another. */
    ACQUIRE_TRUSTS_THE_SNAPSHOT(
            breaking("L1")
                    .acquire(
                            (sound, judged, deadline) -> {
                                Outcome<Lease> outcome = sound.dcs().acquire(judged, deadline);
                                if (outcome.isApplied() || judged.leader().isPresent()) {
                                    return outcome;
                                }
                                sound.removeLeader();
                                return sound.dcs().acquire(judged, deadline);
                            })),

    RENEW_TAKES_THE_LEASE_FROM_ANOTHER(
            breaking("L5")
                    .renew(
                            (sound, seen, update, deadline) -> {
                                Outcome<Lease> outcome = sound.dcs().renew(seen, update, deadline);
                                if (outcome.isApplied()) {
                                    return outcome;
                                }
                                sound.removeLeader();
                                return sound.dcs().renew(seen, LeaderUpdate.NONE, deadline);
                            })),

    /** Refuses where the holder could go on: its own clock says that the time is over. */
    RENEW_GIVES_UP_AN_EXPIRED_LEASE(
            breaking("L6")
                    .client(
                            sound ->
                                    new Remembering(sound) {
                                        @Override
                                        public Outcome<Lease> renew(
                                                Snapshot seen,
                                                LeaderUpdate update,
                                                Deadline deadline) {
                                            boolean over =
                                                    known.filter(LeaseFault::isOver).isPresent();
                                            return over && sound.leader(deadline).isEmpty()
                                                    ? Outcome.refused(Refusal.MISSING, "expired")
                                                    : super.renew(seen, update, deadline);
                                        }
                                    })),

    A_FAILED_STATUS_SPOILS_THE_RENEWAL(
            breaking("L7")
                    .renew(
                            (sound, seen, update, deadline) -> {
                                Outcome<Lease> outcome = sound.dcs().renew(seen, update, deadline);
                                if (outcome.isApplied() && update.status().isPresent()) {
                                    sound.dcs()
                                            .write(
                                                    EntryKind.STATUS,
                                                    update.status(),
                                                    Guard.any(),
                                                    deadline);
                                }
                                return outcome;
                            })),

    THE_EPOCH_IS_REUSED(
            breaking("L9")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public Outcome<Lease> acquire(
                                                Snapshot judged, Deadline deadline) {
                                            return granted(
                                                    super.acquire(judged, deadline),
                                                    lease ->
                                                            new Lease(
                                                                    lease.member(),
                                                                    1,
                                                                    lease.validUntil(),
                                                                    lease.version()));
                                        }

                                        @Override
                                        public Outcome<Outcome.Done> release(
                                                Lease lease,
                                                Optional<Value> lastStatus,
                                                Deadline deadline) {
                                            // Finds the true epoch again, so that releasing still
                                            // works.
                                            return super.acquire(Snapshot.empty(0), deadline)
                                                    .applied()
                                                    .map(
                                                            real ->
                                                                    super.release(
                                                                            real,
                                                                            lastStatus,
                                                                            deadline))
                                                    .orElse(
                                                            Outcome.refused(
                                                                    Refusal.NOT_MINE, "not mine"));
                                        }
                                    })),

    THE_STATUS_COMES_AFTER_THE_RELEASE(
            breaking("L10")
                    .release(
                            (sound, lease, lastStatus, deadline) -> {
                                Outcome<Outcome.Done> outcome =
                                        sound.dcs().release(lease, Optional.empty(), deadline);
                                RealTime.pass(Duration.ofMillis(50));
                                if (outcome.isApplied() && lastStatus.isPresent()) {
                                    sound.dcs()
                                            .write(
                                                    EntryKind.STATUS,
                                                    lastStatus,
                                                    Guard.any(),
                                                    deadline);
                                }
                                return outcome;
                            })),

    RELEASE_REMOVES_ANOTHERS_RECORD(
            breaking("L11")
                    .release(
                            (sound, lease, lastStatus, deadline) -> {
                                Outcome<Outcome.Done> outcome =
                                        sound.dcs().release(lease, lastStatus, deadline);
                                sound.removeLeader();
                                return outcome;
                            })),

    /** As for a store whose keys and values allow no dots. */
    THE_NAME_OF_THE_HOLDER_IS_ESCAPED(
            breaking("L12")
                    .read(
                            (sound, scope, deadline) -> {
                                Snapshot snapshot = sound.dcs().read(scope, deadline);
                                var entries = new HashMap<>(snapshot.entries());
                                entries.computeIfPresent(
                                        EntryKind.LEADER,
                                        (kind, leader) ->
                                                new Entry(
                                                        kind,
                                                        leader.text().replace(".", "%2E"),
                                                        leader.version(),
                                                        leader.session()));
                                return new Snapshot(entries, snapshot.members(), snapshot.sentAt());
                            })),

    ACQUIRE_BY_THE_HOLDER_IS_AN_ERROR(
            breaking("L3")
                    .acquire(
                            (sound, judged, deadline) -> {
                                if (sound.leader(deadline).equals(sound.config().member())) {
                                    throw new IllegalStateException("the lease is mine already");
                                }
                                return sound.dcs().acquire(judged, deadline);
                            })),

    A_SUCCESSOR_OF_THE_SAME_NAME_IS_REFUSED(
            breaking("L8")
                    .client(
                            sound ->
                                    new Remembering(sound) {
                                        @Override
                                        public Outcome<Lease> renew(
                                                Snapshot seen,
                                                LeaderUpdate update,
                                                Deadline deadline) {
                                            boolean mine =
                                                    sound.config()
                                                            .member()
                                                            .filter(
                                                                    me ->
                                                                            seen.leader()
                                                                                    .equals(
                                                                                            Optional
                                                                                                    .of(
                                                                                                            me)))
                                                            .isPresent();
                                            return known.isPresent() || !mine
                                                    ? super.renew(seen, update, deadline)
                                                    : Outcome.refused(
                                                            Refusal.NOT_MINE, "of another session");
                                        }
                                    }));

    private final Fault fault;

    LeaseFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static boolean isOver(Lease lease) {
        return System.nanoTime() - lease.validUntil() > 0;
    }
}
