package io.matriarch.daemon.http;

import io.matriarch.spi.DcsException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few threads on which requests wait for the store or for a name server. A bounded number of
 * requests wait for a thread; the rest is refused, so that a silent store never piles up work.
 */
final class StoreThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThreads.class);
    private static final int THREADS = 4;
    private static final int WAITING = 64;

    private final ThreadPoolExecutor workers =
            new ThreadPoolExecutor(
                    THREADS,
                    THREADS,
                    30,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING),
                    daemon("rest-store"));
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, daemon("rest-timer"));

    StoreThreads() {
        workers.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs the work; a store that gives no answer becomes a 503 that says so. */
    CompletionStage<Response> answer(Supplier<Response> work) {
        return chain(() -> CompletableFuture.completedFuture(work.get()));
    }

    /** The same, for work that goes on after its first part. */
    CompletionStage<Response> chain(Supplier<CompletionStage<Response>> work) {
        CompletableFuture<Response> result = new CompletableFuture<>();
        try {
            workers.execute(() -> run(work, result));
        } catch (RejectedExecutionException e) {
            LOG.warn("a request was refused, because {} others wait for the store", WAITING);
            result.complete(Response.text(503, "too many requests wait for the store"));
        }
        return result;
    }

    /** Runs the work after a pause. */
    CompletionStage<Response> later(Duration pause, Supplier<CompletionStage<Response>> work) {
        CompletableFuture<Response> result = new CompletableFuture<>();
        timer.schedule(
                () -> {
                    chain(work).thenAccept(result::complete);
                },
                pause.toNanos(),
                TimeUnit.NANOSECONDS);
        return result;
    }

    private static void run(
            Supplier<CompletionStage<Response>> work, CompletableFuture<Response> result) {
        try {
            work.get()
                    .whenComplete(
                            (response, failure) ->
                                    result.complete(failure == null ? response : failed(failure)));
        } catch (RuntimeException e) {
            result.complete(failed(e));
        }
    }

    private static Response failed(Throwable failure) {
        if (failure instanceof DcsException) {
            LOG.debug("the store gave no answer to a request", failure);
            return Response.text(503, "the store gave no answer: " + failure.getMessage());
        }
        LOG.error("a request could not be answered", failure);
        return Response.text(500, "the request could not be answered; see the log");
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
