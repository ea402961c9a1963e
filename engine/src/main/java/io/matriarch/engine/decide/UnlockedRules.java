package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.FailedPromotion;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** 7xx: PostgreSQL runs and nobody holds the lease. */
final class UnlockedRules {
    private UnlockedRules() {}

    /** While nobody leads, a member that stood back looks again soon. */
    private static final Duration LEADERLESS = Duration.ofMillis(500);

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            701,
                            "the record vanished under a proven lease: renewing puts it back",
                            s -> s.unlocked() && s.leading(),
                            s ->
                                    Move.say(s, "proving the lease after its record vanished")
                                            .then(new Effect.Renew())),
                    rule(
                            703,
                            "a primary on an old timeline must not lead again",
                            s -> s.unlocked() && s.primary() && !s.paused() && stale(s),
                            s ->
                                    Move.say(
                                                    s,
                                                    "demoting self because i am not the healthiest node")
                                            .then(
                                                    new Effect.Fence(
                                                            StopMode.IMMEDIATE,
                                                            SafetyRules.IMMEDIATE_BUDGET))),
                    rule(
                            705,
                            "a running primary takes its lease",
                            s -> s.unlocked() && s.primary() && !stale(s),
                            s ->
                                    Move.say(s, "acquired session lock as a leader")
                                            .then(new Effect.Acquire())),
                    rule(
                            707,
                            "an own promotion came to nothing a moment ago",
                            s -> s.unlocked() && failedPromotion(s).isPresent(),
                            s -> Move.say(s, backoff(failedPromotion(s).orElseThrow()))),
                    rule(
                            709,
                            "maintenance mode: nobody races but the candidate of a failover",
                            s -> s.unlocked() && s.paused() && !candidate(s),
                            s -> Move.say(s, "no action. I am (" + s.me().name() + ")")),
                    rule(
                            711,
                            "the operator keeps this member out of the race",
                            s -> s.unlocked() && s.me().tags().nofailover(),
                            s ->
                                    Move.say(
                                            s,
                                            "following a different leader because I am not allowed to promote")),
                    rule(713, "the lease is free", Situation::unlocked, UnlockedRules::race));

    private static boolean stale(Situation s) {
        return s.myTimeline() > 0 && s.myTimeline() < s.cluster().timeline();
    }

    private static boolean candidate(Situation s) {
        return s.cluster()
                .failover()
                .flatMap(FailoverRequest::candidate)
                .filter(s.me().name()::equals)
                .isPresent();
    }

    private static String backoff(FailedPromotion failed) {
        return failed.refusedByScript()
                ? "backoff: skip leader race after pre_promote script failure and releasing the lock"
                        + " voluntarily"
                : "backoff: skip leader race after a promotion that failed";
    }

    /** Others have the time of a lease to do better. */
    static Optional<FailedPromotion> failedPromotion(Situation s) {
        return s.memory()
                .failedPromotion()
                .filter(failed -> s.now() - failed.at() < s.settings().ttl().toNanos());
    }

    private static Move race(Situation s) {
        Race.Verdict verdict = new Race(s).healthiest();
        if (verdict instanceof Race.Verdict.Yes) {
            return Move.say(s, "promoted self to leader by acquiring session lock")
                    .then(new Effect.Acquire());
        }
        if (verdict instanceof Race.Verdict.Ask ask) {
            Move asking =
                    Move.say(s, "asking the other members about their position")
                            .lookAgainAfter(LEADERLESS);
            return ask.members().isEmpty() ? asking : asking.then(new Effect.Probe(ask.members()));
        }
        return Move.say(
                        s,
                        "following a different leader because i am not the healthiest node ("
                                + ((Race.Verdict.No) verdict).reason()
                                + ")")
                .lookAgainAfter(LEADERLESS);
    }
}
