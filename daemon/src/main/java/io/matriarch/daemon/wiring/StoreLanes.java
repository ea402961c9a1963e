package io.matriarch.daemon.wiring;

import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for each lane to the store. Time in the queue counts: a call whose turn comes too late
 * finds its deadline passed and sends nothing. The answer arrives in time even if a backend breaks
 * its promise and does not return.
 */
public final class StoreLanes implements StorePort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLanes.class);
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Dcs dcs;
    private final Scope scope;
    private final Scheduler scheduler;
    private final Map<Lane, ExecutorService> lanes = new EnumMap<>(Lane.class);

    /**
     * @param scope of the cluster, which {@code dcs} was opened for
     * @param scheduler hears the answers
     */
    public StoreLanes(Dcs dcs, Scope scope, Scheduler scheduler) {
        this.dcs = dcs;
        this.scope = scope;
        this.scheduler = scheduler;
        lanes.put(Lane.LEASE, Executors.newSingleThreadExecutor(Threads.named("lease")));
        lanes.put(Lane.VIEW, Executors.newSingleThreadExecutor(Threads.named("view")));
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public DcsTraits traits() {
        return dcs.traits();
    }

    @Override
    public <T> void submit(
            Lane lane,
            Duration budget,
            BiFunction<Dcs, Deadline, T> call,
            Consumer<StoreAnswer<T>> to) {
        Deadline deadline = Deadline.after(scheduler, budget);
        Once<StoreAnswer<T>> once = new Once<>(to);
        Scheduler.Cancellable limit =
                scheduler.after(
                        budget.plus(GRACE),
                        () ->
                                once.accept(
                                        new StoreAnswer.Failed<>(
                                                StoreAnswer.Kind.OUTCOME_UNKNOWN,
                                                "no answer within " + budget.toMillis() + " ms")));
        try {
            lanes.get(lane)
                    .execute(
                            () -> {
                                StoreAnswer<T> answer = answer(call, deadline);
                                limit.cancel();
                                scheduler.execute(() -> once.accept(answer));
                            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the daemon is ending: a call to the store is dropped", e);
        }
    }

    private <T> StoreAnswer<T> answer(BiFunction<Dcs, Deadline, T> call, Deadline deadline) {
        if (deadline.passed()) {
            return new StoreAnswer.Failed<>(
                    StoreAnswer.Kind.NOT_APPLIED, "the store was busy until the deadline");
        }
        try {
            return new StoreAnswer.Answered<>(call.apply(dcs, deadline));
        } catch (DcsException.NotApplied e) {
            return failed(StoreAnswer.Kind.NOT_APPLIED, e);
        } catch (DcsException.Misconfigured e) {
            return failed(StoreAnswer.Kind.MISCONFIGURED, e);
        } catch (DcsException e) {
            return failed(StoreAnswer.Kind.OUTCOME_UNKNOWN, e);
        } catch (RuntimeException | Error e) {
            // The top of this thread. What a broken backend did before it failed is not known.
            LOG.error("a call to the store failed unexpectedly", e);
            return failed(StoreAnswer.Kind.OUTCOME_UNKNOWN, e);
        }
    }

    private static <T> StoreAnswer<T> failed(StoreAnswer.Kind kind, Throwable failure) {
        LOG.debug("the store gave no answer", failure);
        return new StoreAnswer.Failed<>(kind, String.valueOf(failure.getMessage()));
    }

    /** Lets the last writes come through, for a short while. */
    @Override
    public void close() {
        lanes.values().forEach(ExecutorService::shutdown);
        Deadline last = Deadline.after(scheduler, FAREWELL);
        for (ExecutorService lane : lanes.values()) {
            try {
                if (!lane.awaitTermination(last.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                    lane.shutdownNow();
                }
            } catch (InterruptedException e) {
                lane.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Passes the first answer on. Used on the decision lane only. */
    private static final class Once<T> implements Consumer<T> {
        private final Consumer<T> to;
        private boolean done;

        Once(Consumer<T> to) {
            this.to = to;
        }

        @Override
        public void accept(T answer) {
            if (!done) {
                done = true;
                to.accept(answer);
            }
        }
    }
}
