package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener when the leader record has been silent for its ttl: no event does. */
final class LeaseEnd implements Observation.Changed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseEnd.class);

    /** A read made upon the hint must find the ttl over. */
    private static final long LATER = TimeUnit.MILLISECONDS.toNanos(1);

    private final DcsListener listener;
    private final ScheduledThreadPoolExecutor timer;
    private ScheduledFuture<?> next;

    LeaseEnd(DcsListener listener) {
        this.listener = listener;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread thread = new Thread(task, "kubernetes-lease-end");
                            thread.setDaemon(true);
                            return thread;
                        });
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public synchronized void changed(Duration left, boolean revived) {
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = timer.schedule(this::tell, left.toNanos() + LATER, TimeUnit.NANOSECONDS);
            if (revived) {
                timer.execute(this::tell);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("closed while the leader record changed", e);
        }
    }

    private void tell() {
        try {
            listener.changed(Set.of(EntryKind.LEADER));
        } catch (RuntimeException e) {
            LOG.error("the listener failed on the end of a lease", e);
        }
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
    }
}
