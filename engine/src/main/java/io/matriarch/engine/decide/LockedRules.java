package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.maybe;
import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.Divergence;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** 8xx: PostgreSQL runs and somebody holds the lease. */
final class LockedRules {
    private LockedRules() {}

    /** A standby that does not come to stream is compared with the leader again after this. */
    private static final Duration CHECK_AGAIN = Duration.ofSeconds(10);

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            801,
                            "an own promotion came to nothing: let another member lead",
                            s ->
                                    s.leading()
                                            && standby(s)
                                            && UnlockedRules.failedPromotion(s).isPresent(),
                            s ->
                                    Move.say(
                                                    s,
                                                    UnlockedRules.failedPromotion(s)
                                                                    .orElseThrow()
                                                                    .refusedByScript()
                                                            ? "Promotion cancelled because the pre-promote"
                                                                    + " script failed"
                                                            : "released leader key because the promotion"
                                                                    + " failed")
                                            .then(new Effect.Release(Optional.empty()))),
                    rule(
                            802,
                            "in maintenance mode only the candidate of a failover is promoted",
                            s -> s.leading() && standby(s) && s.paused() && !namedCandidate(s),
                            s ->
                                    Move.say(
                                                    s,
                                                    "removed leader lock because postgres is not running as primary")
                                            .then(new Effect.Release(Optional.empty()))),
                    rule(
                            803,
                            "this standby holds the lease",
                            s -> s.leading() && standby(s),
                            s ->
                                    Move.say(s, "promoted self to leader by acquiring session lock")
                                            .then(new Effect.Start(new PostgresAction.Promote()))),
                    maybe(
                            805,
                            "the operator asked for a switchover or failover",
                            s -> s.leading() && s.primary() && s.cluster().failover().isPresent(),
                            s -> new SwitchoverRule(s).move()),
                    rule(
                            819,
                            "the leader leads",
                            s -> s.leading() && s.primary(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "no action. I am ("
                                                            + s.me().name()
                                                            + "), the leader with the lock")
                                            .remembering(
                                                    s.memory().withHandover(Optional.empty()))),
                    rule(
                            821,
                            "the lease carries my name but is not proven",
                            Situation::named,
                            s ->
                                    Move.say(
                                                    s,
                                                    "not promoting because failed to update leader lock in DCS")
                                            .then(new Effect.Renew())),
                    rule(
                            831,
                            "maintenance mode leaves a primary alone",
                            s -> s.primary() && s.paused(),
                            s -> Move.say(s, "continue to run as primary without lock")),
                    rule(
                            833,
                            "a standby that does not stream may have left the leader's timeline",
                            s -> !s.paused() && suspicious(s) && s.due() && uncertain(s),
                            s ->
                                    Move.say(s, "checking whether a rewind is needed")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.CheckDivergence(
                                                                    s.leaderMember()
                                                                            .orElseThrow())))),
                    rule(
                            835,
                            "a diverged standby is stopped, to be rewound",
                            s ->
                                    !s.paused()
                                            && suspicious(s)
                                            && diverged(s)
                                            && s.me().usePgRewind(),
                            s ->
                                    Move.say(s, "stopping to rewind")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.Stop(
                                                                    StopMode.FAST,
                                                                    false,
                                                                    Optional.empty(),
                                                                    "stopping before pg_rewind")))),
                    rule(
                            836,
                            "a diverged standby is copied again, as the operator allows",
                            s ->
                                    !s.paused()
                                            && suspicious(s)
                                            && diverged(s)
                                            && s.due()
                                            && s.me().removeOnDivergedTimelines(),
                            s ->
                                    Move.say(s, "reinitializing due to diverged timelines")
                                            .then(new Effect.Start(wipe(s)))),
                    rule(
                            837,
                            "the standby streams from somebody else than it should",
                            s ->
                                    upstream(s).isPresent()
                                            && !sameServer(s.local().upstream(), upstream(s)),
                            s ->
                                    secondary(s)
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.Follow(
                                                                    upstream(s))))),
                    rule(839, "the standby follows", s -> true, LockedRules::secondary));

    private static Move secondary(Situation s) {
        return Move.say(
                        s,
                        "no action. I am ("
                                + s.me().name()
                                + "), a secondary, and following a leader ("
                                + s.leaderMember().map(Member::name).orElse("")
                                + ")")
                .remembering(s.memory().withHandover(Optional.empty()));
    }

    private static boolean standby(Situation s) {
        return s.running() && !s.primary();
    }

    private static boolean namedCandidate(Situation s) {
        return s.cluster()
                .failover()
                .flatMap(FailoverRequest::candidate)
                .filter(s.me().name()::equals)
                .isPresent();
    }

    /** Not streaming while the leader is on another timeline. */
    private static boolean suspicious(Situation s) {
        int leaders = s.leaderMember().map(Member::timeline).orElse(0);
        return standby(s)
                && s.local().status().filter(status -> status.streaming()).isEmpty()
                && leaders > 0
                && leaders != s.myTimeline()
                && upstream(s).isPresent();
    }

    /**
     * That the local WAL had not left the leader's timeline does not stay true: a standby that does
     * not stream replays on, from an archive or what it had received.
     */
    private static boolean uncertain(Situation s) {
        return !s.memory().divergenceFrom().equals(divergenceKey(s))
                || (s.memory().divergence() == Divergence.NO
                        && s.now() - s.memory().divergenceAt() >= CHECK_AGAIN.toNanos());
    }

    private static boolean diverged(Situation s) {
        return s.memory().divergence() == Divergence.YES
                && s.memory().divergenceFrom().equals(divergenceKey(s));
    }

    /**
     * What a verdict on divergence was found against: it does not hold for another leader or
     * timeline.
     */
    static String divergenceKey(Situation s) {
        return s.leaderMember().map(m -> m.name() + "@" + m.timeline()).orElse("");
    }

    static PostgresAction wipe(Situation s) {
        Member leader = s.leaderMember().orElseThrow();
        return new PostgresAction.Reinitialize(
                leader,
                true,
                new Upstream(leader.name(), leader.connUrl().orElseThrow()),
                "reinitializing due to diverged timelines");
    }

    /** Whom this member should stream from; nobody while nobody else leads. */
    static Optional<Upstream> upstream(Situation s) {
        if (s.me().tags().nostream()) {
            return Optional.empty();
        }
        Optional<Member> preferred =
                s.me().tags()
                        .replicatefrom()
                        .filter(name -> !name.equals(s.me().name()))
                        .flatMap(name -> s.view().map(v -> v.members().get(name)));
        return preferred
                .or(s::leaderMember)
                .filter(m -> !m.name().equals(s.me().name()))
                .flatMap(m -> m.connUrl().map(url -> new Upstream(m.name(), url)));
    }

    /** Two upstreams are one if host and port agree; the database in the URL does not matter. */
    private static boolean sameServer(Optional<Upstream> a, Optional<Upstream> b) {
        return a.map(u -> address(u.connUrl())).equals(b.map(u -> address(u.connUrl())));
    }

    private static String address(String connUrl) {
        int start = connUrl.indexOf("://") + 3;
        int slash = connUrl.indexOf('/', start);
        return slash < 0 ? connUrl.substring(start) : connUrl.substring(start, slash);
    }
}
