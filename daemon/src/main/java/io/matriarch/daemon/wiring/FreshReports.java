package io.matriarch.daemon.wiring;

import io.matriarch.daemon.http.Freshness;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reports that show PostgreSQL as it is now: peers compare the WAL position in a race, and the
 * loop's own picture may be as old as its nap. Questions that come together share one look. A
 * server that does not answer in time is reported as one that does not answer queries.
 */
final class FreshReports implements Freshness {
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private record Picture(LocalState state, long at) {}

    private final MemberControl control;
    private final PostgresPort postgres;
    private final Scheduler scheduler;
    private volatile Optional<Picture> latest = Optional.empty();

    FreshReports(MemberControl control, PostgresPort postgres, Scheduler scheduler) {
        this.control = control;
        this.postgres = postgres;
        this.scheduler = scheduler;
    }

    @Override
    public CompletableFuture<MemberReport> report(Duration maxAge) {
        long now = scheduler.nanos();
        Optional<Picture> young = latest.filter(p -> now - p.at() <= maxAge.toNanos());
        if (young.isPresent()) {
            return CompletableFuture.completedFuture(
                    control.report().withLocal(young.get().state()));
        }
        CompletableFuture<LocalState> seen = new CompletableFuture<>();
        scheduler.execute(
                () -> {
                    long asked = scheduler.nanos();
                    postgres.observe(
                            state -> {
                                latest = Optional.of(new Picture(state, asked));
                                seen.complete(state);
                            });
                });
        return seen.thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(
                        state ->
                                state.map(local -> control.report().withLocal(local))
                                        .orElseGet(this::silent));
    }

    private MemberReport silent() {
        MemberReport known = control.report();
        return known.local().map(state -> known.withLocal(unanswered(state))).orElse(known);
    }

    private static LocalState unanswered(LocalState s) {
        return new LocalState(
                s.dataDirectory(),
                s.problem(),
                s.systemId(),
                s.postmasterAlive(),
                s.state(),
                s.role(),
                Optional.empty(),
                s.control(),
                s.upstream(),
                s.standbyConfigured(),
                s.pendingRestart(),
                s.stateSince());
    }
}
