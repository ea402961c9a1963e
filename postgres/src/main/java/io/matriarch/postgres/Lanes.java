package io.matriarch.postgres;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of the module. All are daemon threads; none ever runs a decision. */
final class Lanes {
    private final ExecutorService action = Executors.newSingleThreadExecutor(named("action"));
    private final ExecutorService observing = Executors.newSingleThreadExecutor(named("observe"));
    private final ExecutorService applying = Executors.newSingleThreadExecutor(named("apply"));
    private final ExecutorService fence = Executors.newSingleThreadExecutor(named("fence"));
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(named("callback"));
    private final ExecutorService notes = Executors.newSingleThreadExecutor(named("note"));
    private final ExecutorService readers = Executors.newCachedThreadPool(named("io"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(named("watch"));

    /** Touched by nothing but the last deadline of a lease. */
    private final ScheduledExecutorService deadman =
            Executors.newSingleThreadScheduledExecutor(named("deadman"));

    private static ThreadFactory named(String lane) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "postgres-" + lane + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** After the close there is nobody to work for: what comes late is dropped. */
    private static Executor open(ExecutorService lane) {
        return task -> {
            try {
                lane.execute(task);
            } catch (RejectedExecutionException e) {
                if (!lane.isShutdown()) {
                    throw e;
                }
            }
        };
    }

    ScheduledExecutorService deadman() {
        return deadman;
    }

    Executor action() {
        return open(action);
    }

    Executor observing() {
        return open(observing);
    }

    Executor applying() {
        return open(applying);
    }

    Executor fence() {
        return open(fence);
    }

    Executor callbacks() {
        return open(callbacks);
    }

    /** In order, and in nobody's way: a slow disk may hold them up. */
    Executor notes() {
        return open(notes);
    }

    Executor readers() {
        return open(readers);
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    void close() {
        timer.shutdownNow();
        deadman.shutdownNow();
        observing.shutdown();
        applying.shutdown();
        action.shutdownNow();
        callbacks.shutdown();
        fence.shutdown();
        notes.shutdown();
        readers.shutdown();
    }
}
