package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.List;

/** 1xx: whoever cannot prove its lease takes no writes. Nothing may be placed before these. */
final class SafetyRules {
    private SafetyRules() {}

    /**
     * Immediate shutdown waits 5 s before it kills stuck children; a fence does not wait that long.
     */
    static final Duration IMMEDIATE_BUDGET = Duration.ofSeconds(3);

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            101,
                            "the last proof of the lease is about to run out",
                            s ->
                                    !s.paused()
                                            && !s.fencing()
                                            && s.mayTakeWrites()
                                            && s.lease().lease().isPresent()
                                            && s.now() - s.lease().stopAt() >= 0,
                            s ->
                                    Move.say(
                                                    s,
                                                    "demoted self because DCS is not accessible and I was a leader")
                                            .then(fence(s, StopMode.FAST))),
                    rule(
                            102,
                            "PostgreSQL is being fenced",
                            Situation::fencing,
                            s ->
                                    Move.say(
                                            s,
                                            "stopping PostgreSQL because the leader lease can not be proven")),
                    rule(
                            103,
                            "the store says that the lease is not ours",
                            s -> !s.paused() && s.mayTakeWrites() && refused(s),
                            s -> Move.say(s, refusedMessage(s)).then(immediate())),
                    rule(
                            104,
                            "the lease was lost, but maintenance mode leaves PostgreSQL alone",
                            s -> s.paused() && s.primary() && refused(s) && s.view().isEmpty(),
                            s ->
                                    Move.say(
                                            s,
                                            "continue to run as primary after failing to update leader lock in"
                                                    + " DCS")),
                    rule(
                            105,
                            "another member leads",
                            s -> !s.paused() && s.mayTakeWrites() && anotherLeads(s),
                            s ->
                                    Move.say(
                                                    s,
                                                    "demoting self because I do not have the lock and I was a leader")
                                            .then(immediate())),
                    rule(
                            107,
                            "a primary found without any lease could not prove one in time",
                            s -> !s.paused() && s.primary() && unprovenTooLong(s),
                            s ->
                                    Move.say(
                                                    s,
                                                    "demoted self because DCS is not accessible and I was a leader")
                                            .then(
                                                    new Effect.Fence(
                                                            StopMode.FAST,
                                                            s.lease().stopBudget()))));

    private static boolean refused(Situation s) {
        return s.lease().state() == LeaseBelief.State.REFUSED;
    }

    private static String refusedMessage(Situation s) {
        return s.action()
                .filter(a -> !(a.action() instanceof PostgresAction.Stop))
                .map(a -> "lost leader lock during " + a.action().title())
                .orElse("demoted self because failed to update leader lock in DCS");
    }

    private static boolean anotherLeads(Situation s) {
        return !s.leading()
                && s.view()
                        .flatMap(v -> v.leader())
                        .filter(name -> !name.equals(s.me().name()))
                        .isPresent();
    }

    private static boolean unprovenTooLong(Situation s) {
        return s.memory().unprovenSince().isPresent()
                && s.now() - s.memory().unprovenSince().getAsLong()
                        > s.settings().retryTimeout().toNanos();
    }

    private static Effect fence(Situation s, StopMode mode) {
        long left = s.lease().writesEndAt() - s.now();
        return left <= Duration.ofMillis(500).toNanos()
                ? new Effect.Fence(StopMode.KILL, Duration.ZERO)
                : new Effect.Fence(mode, Duration.ofNanos(left));
    }

    private static Effect immediate() {
        return new Effect.Fence(StopMode.IMMEDIATE, IMMEDIATE_BUDGET);
    }
}
