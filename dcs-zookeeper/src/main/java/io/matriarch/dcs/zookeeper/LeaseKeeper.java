package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two things that a lease needs and that ZooKeeper's client does not do: a barrier is sent often,
 * so that a proof reaches far ({@link Arrivals}); and a lease that nobody renews ends, although the
 * client keeps the session alive for as long as the process runs.
 */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** How long an attempt to end a lease may take. */
    private static final Duration ENDING = Duration.ofSeconds(1);

    private static final long STEP_MILLIS = 100;

    /** A lease that may be mine. */
    private record Running(long endsAt) {}

    private final Sessions sessions;
    private final Ticker ticker;
    private final ReentrantLock ending = new ReentrantLock();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    work -> {
                        Thread thread = new Thread(work, "zookeeper-lease");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Optional<Running> running = Optional.empty();
    private long pulsedAt;

    LeaseKeeper(Sessions sessions, Ticker ticker) {
        this.sessions = sessions;
        this.ticker = ticker;
        this.pulsedAt = ticker.nanos();
    }

    /**
     * @param end ends the lease, by a deadline
     */
    void start(Consumer<Deadline> end) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        step(end);
                    } catch (RuntimeException e) {
                        // The timer would end with it, and nobody would end the lease then.
                        LOG.warn("the care for the lease failed once", e);
                    }
                },
                STEP_MILLIS,
                STEP_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void step(Consumer<Deadline> end) {
        sessions.live().ifPresent(this::pulse);
        if (running.filter(r -> r.endsAt() - ticker.nanos() <= 0).isEmpty()) {
            return;
        }
        ending.lock();
        try {
            if (running.filter(r -> r.endsAt() - ticker.nanos() <= 0).isPresent()) {
                end.accept(Deadline.after(ticker, ENDING));
                running = Optional.empty();
            }
        } catch (DcsException e) {
            LOG.debug("a lease that was not renewed is still there: {}", e.getMessage());
        } finally {
            ending.unlock();
        }
    }

    /** Twice in the time between pings while there is a lease to prove, and rarely otherwise. */
    private void pulse(Live live) {
        long rest = running.isPresent() ? live.pingNanos() / 2 : live.sessionNanos() / 6;
        if (ticker.nanos() - pulsedAt >= rest) {
            pulsedAt = ticker.nanos();
            live.barrier();
        }
    }

    /**
     * A claim is about to be sent: from here on the lease may be mine, and it is not ended before
     * its time. Waits for an ending that is under way.
     */
    void claimed(Live live, Deadline deadline) {
        try {
            if (!ending.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
                throw new Lost("the former lease is being ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
        try {
            running = Optional.of(new Running(ticker.nanos() + live.sessionNanos()));
        } finally {
            ending.unlock();
        }
    }

    /** The lease is mine by a claim that was sent at this instant. */
    void proven(Live live, long sentAt) {
        running = Optional.of(new Running(sentAt + live.sessionNanos()));
    }

    /** The lease is not mine. */
    void free() {
        running = Optional.empty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
