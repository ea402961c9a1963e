package io.matriarch.daemon.wiring;

import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The decision lane on one thread of its own. A task that fails is logged; the lane goes on. */
public final class DecisionLane implements Scheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionLane.class);

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, Threads.named("decision"));

    /** Starts no thread before the first task. */
    public DecisionLane() {
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(logged(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("the daemon is ending: a late event is dropped", e);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> pending =
                    thread.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> pending.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("the daemon is ending: a timer is dropped", e);
            return () -> {};
        }
    }

    /** The top of the thread: whatever went wrong in one task must not end the lane silently. */
    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a decision failed unexpectedly", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
