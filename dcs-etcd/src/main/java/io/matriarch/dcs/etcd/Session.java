package io.matriarch.dcs.etcd;

import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one etcd lease that the leader and the member record of this process are bound to.
 * Thread-safe.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** A lease as it was granted. */
    private record Granted(long id, long wanted, long seconds) {}

    /**
     * A lease that the store prolonged.
     *
     * @param sentAt when the request was sent, on the clock of the configuration
     * @param ttlNanos the time granted from then on
     * @param term the raft term in which the prolongation was acknowledged; empty for a new lease,
     *     which a quorum has agreed on
     */
    record Alive(long id, long sentAt, long ttlNanos, OptionalLong term) {
        long validUntil() {
            return sentAt + ttlNanos;
        }
    }

    private final Calls calls;
    private final Ticker ticker;
    private final ReentrantLock granting = new ReentrantLock();
    private volatile Optional<Granted> granted = Optional.empty();
    private volatile long wanted;

    Session(Calls calls, Ticker ticker, Duration ttl) {
        this.calls = calls;
        this.ticker = ticker;
        this.wanted = seconds(ttl);
    }

    /** etcd counts whole seconds. */
    private static long seconds(Duration ttl) {
        return ttl.plusNanos(TimeUnit.SECONDS.toNanos(1) - 1).toSeconds();
    }

    /**
     * Asks for another ttl: the next {@link #refresh} grants a new lease. The old one runs out on
     * its own, so that the records bound to it live until they are moved.
     */
    void ttl(Duration ttl) {
        wanted = seconds(ttl);
    }

    /** The time that the store granted, or else the time that will be asked for. */
    Duration effectiveTtl() {
        return Duration.ofSeconds(granted.map(Granted::seconds).orElse(wanted));
    }

    Duration wantedTtl() {
        return Duration.ofSeconds(wanted);
    }

    /** Forgets a lease that the store says does not exist. */
    void forget(long id) {
        granting.lock();
        try {
            granted = granted.filter(lease -> lease.id() != id);
        } finally {
            granting.unlock();
        }
    }

    /** Prolongs the lease, or grants one if there is none or the ttl was changed. */
    Alive refresh(Deadline deadline) {
        Optional<Granted> lease = granted.filter(known -> known.wanted() == wanted);
        if (lease.isPresent()) {
            try {
                return prolong(lease.get(), deadline);
            } catch (StoreRejected e) {
                if (e.fault() != Fault.LEASE_GONE) {
                    throw e;
                }
                LOG.warn("etcd lost the lease of this member, asking for a new one");
                forget(lease.get().id());
            }
        }
        return grant(deadline);
    }

    private Alive prolong(Granted lease, Deadline deadline) {
        return calls.call(
                "prolonging the lease",
                Calls.Repeat.READ,
                deadline,
                client -> {
                    // Each attempt counts from its own start, whichever is answered.
                    long sentAt = ticker.nanos();
                    return client.getLeaseClient()
                            .keepAliveOnce(lease.id())
                            .thenApply(answer -> prolonged(lease, sentAt, answer));
                });
    }

    private static Alive prolonged(Granted lease, long sentAt, LeaseKeepAliveResponse answer) {
        return new Alive(
                lease.id(),
                sentAt,
                TimeUnit.SECONDS.toNanos(answer.getTTL()),
                OptionalLong.of(answer.getHeader().getRaftTerm()));
    }

    private Alive grant(Deadline deadline) {
        lockWithin(deadline);
        try {
            if (granted.filter(known -> known.wanted() == wanted).isPresent()) {
                // Another call got one while this one waited.
                return prolong(granted.get(), deadline);
            }
            Alive fresh = granted(wanted, deadline);
            LOG.info(
                    "etcd granted lease {} for {} s",
                    Long.toHexString(fresh.id()),
                    TimeUnit.NANOSECONDS.toSeconds(fresh.ttlNanos()));
            return fresh;
        } finally {
            granting.unlock();
        }
    }

    /** Of a lease that was granted by several endpoints all but one run out unused. */
    private Alive granted(long ttl, Deadline deadline) {
        Alive fresh =
                calls.call(
                        "granting a lease",
                        Calls.Repeat.READ,
                        deadline,
                        client -> {
                            long sentAt = ticker.nanos();
                            return client.getLeaseClient()
                                    .grant(ttl)
                                    .thenApply(answer -> fresh(sentAt, answer));
                        });
        long seconds = TimeUnit.NANOSECONDS.toSeconds(fresh.ttlNanos());
        granted = Optional.of(new Granted(fresh.id(), ttl, seconds));
        return fresh;
    }

    private static Alive fresh(long sentAt, LeaseGrantResponse answer) {
        return new Alive(
                answer.getID(),
                sentAt,
                TimeUnit.SECONDS.toNanos(answer.getTTL()),
                OptionalLong.empty());
    }

    private void lockWithin(Deadline deadline) {
        try {
            if (!granting.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw new DcsException.NotApplied("another call waits for a new lease from etcd");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for a new lease", e);
        }
    }
}
