package io.matriarch.conformance.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do things side by side. */
public final class Lanes {
    private Lanes() {}

    /**
     * Does all at the same time, on daemon threads, and gives the results in order.
     *
     * @throws RuntimeException what one of them threw
     */
    public static <T> List<T> all(List<Callable<T>> actions) {
        return all(actions, actions.size());
    }

    /** The same with so many at a time. */
    static <T> List<T> all(List<Callable<T>> actions, int width) {
        ExecutorService threads =
                Executors.newFixedThreadPool(
                        Math.max(1, Math.min(width, actions.size())),
                        task -> {
                            Thread thread = new Thread(task, "history");
                            thread.setDaemon(true);
                            return thread;
                        });
        try {
            List<Future<T>> running = actions.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(result(each));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> T result(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
