package io.matriarch.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting and doing things at the same time, where a store leaves no event to wait for. */
final class RealTime {
    /** How often a condition is looked at: far below every bound that the rules name. */
    private static final long STEP = Duration.ofMillis(10).toNanos();

    /** No test keeps a thread for longer. */
    private static final long LONGEST_SECONDS = 120;

    private RealTime() {}

    /** Lets time pass: what a test about the absence of an event has to do. */
    static void passUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void pass(Duration time) {
        passUntil(System.nanoTime() + time.toNanos());
    }

    /** Looks until the condition holds; false if it did not in time. */
    static boolean await(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(STEP);
        }
        return true;
    }

    /** Nanoseconds that an action took. */
    static Duration spent(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Begins all actions at the same moment and gives their results in order. */
    static <T> List<T> together(List<? extends Callable<T>> actions) {
        ExecutorService threads = daemons(actions.size());
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> action : actions) {
                running.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return action.call();
                                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(result(each));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Repeats an action on a thread of its own while the body runs. A failure of either is thrown.
     */
    static void meanwhile(Runnable repeated, Runnable body) {
        ExecutorService thread = daemons(1);
        AtomicBoolean stopped = new AtomicBoolean();
        try {
            Future<Boolean> running = thread.submit(() -> repeatUntil(stopped, repeated));
            try {
                body.run();
            } finally {
                stopped.set(true);
            }
            result(running);
        } finally {
            thread.shutdownNow();
        }
    }

    private static boolean repeatUntil(AtomicBoolean stopped, Runnable repeated) {
        while (!stopped.get()) {
            repeated.run();
            // Leaves the store some room for the test itself.
            LockSupport.parkNanos(STEP / 10);
        }
        return true;
    }

    /** The result of a task; what it threw is thrown as the test's own failure. */
    static <T> T result(Future<T> task) {
        try {
            return task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("did not end within " + LONGEST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static ExecutorService daemons(int count) {
        return Executors.newFixedThreadPool(
                count,
                task -> {
                    Thread thread = new Thread(task, "conformance");
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
