package com.example.matriarch.sql;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls that end by their deadline, whatever the driver does: a worker runs the statement, and a
 * call whose time is up ends the connection under it.
 */
final class Calls implements AutoCloseable {
    /** How long a new attempt waits after the store refused a connection. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Whether a call that may have taken effect is tried again. */
    enum Repeat {
        HARMLESS,
        NEVER
    }

    /** One statement, in one round trip. */
    @FunctionalInterface
    interface Step<T> {
        T on(Connection connection) throws SQLException;
    }

    private final Connections connections;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService workers =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "sql-call");
                        thread.setDaemon(true);
                        return thread;
                    });

    Calls(Connections connections) {
        this.connections = connections;
    }

    /**
     * @param what for messages
     */
    <T> T run(String what, Deadline deadline, Repeat repeat, Step<T> step) {
        if (closed.getCount() == 0) {
            throw new IllegalStateException("closed");
        }
        DcsException last = new DcsException.NotApplied(what + ": the deadline has passed already");
        boolean unknown = false;
        while (!deadline.passed() && closed.getCount() > 0) {
            try {
                return attempt(what, deadline, step);
            } catch (Fault fault) {
                unknown |= fault.kind() == Fault.Kind.LOST;
                if (fault.isFinal() || unknown && repeat == Repeat.NEVER) {
                    throw fault.told(what, unknown);
                }
                last = fault.told(what, unknown);
                pause(deadline);
            }
        }
        throw last;
    }

    private void pause(Deadline deadline) {
        long left = deadline.at() - deadline.ticker().nanos();
        try {
            closed.await(Math.min(PAUSE.toNanos(), left), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T attempt(String what, Deadline deadline, Step<T> step) throws Fault {
        Attempt<T> attempt = new Attempt<>(connections, step, left(deadline));
        Future<T> answer = workers.submit(attempt);
        try {
            return answer.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw attempt.giveUp("no answer in time");
        } catch (InterruptedException e) {
            Fault fault = attempt.giveUp("interrupted");
            Thread.currentThread().interrupt();
            throw fault.told(what, fault.kind() == Fault.Kind.LOST);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Fault fault) {
                throw fault;
            }
            throw new IllegalStateException(what, e.getCause());
        }
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.at() - deadline.ticker().nanos());
    }

    @Override
    public void close() {
        closed.countDown();
        workers.shutdown();
    }
}
