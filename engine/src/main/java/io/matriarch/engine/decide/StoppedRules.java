package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.maybe;
import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.Divergence;
import io.matriarch.engine.decide.Memory.Handover;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** 6xx: PostgreSQL is not running, or not answering yet. */
final class StoppedRules {
    private StoppedRules() {}

    /** How long a former leader leaves its server stopped for the one that takes over. */
    private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(30);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How long a stopped leader gives the others to receive the last of its WAL. */
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private static final Set<String> UNCLEAN =
            Set.of("in production", "shutting down", "in crash recovery");

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            600,
                            "the server was stopped to hand the lease over to somebody who has everything",
                            s ->
                                    stopped(s)
                                            && s.leading()
                                            && handover(s).filter(h -> !h.released()).isPresent(),
                            StoppedRules::handOver),
                    rule(
                            601,
                            "maintenance mode does not start PostgreSQL, and a stopped one does not lead",
                            s -> stopped(s) && s.paused() && s.leading(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "removed leader lock because postgres is not running")
                                            .then(new Effect.Release(Optional.empty()))),
                    rule(
                            603,
                            "maintenance mode does not start PostgreSQL, but for one that was stopped to hand over",
                            s -> stopped(s) && s.paused() && !stoppedToHandOver(s),
                            s -> Move.say(s, "postgres is not running")),
                    maybe(
                            605,
                            "a crashed primary hands over if somebody else can lead at once",
                            s -> crashedPrimary(s) && s.settings().primaryStartTimeout().isZero(),
                            StoppedRules::failOverAfterCrash),
                    rule(
                            607,
                            "a crashed primary comes back where it was",
                            s -> crashedPrimary(s) && !s.memory().startFailed(),
                            s ->
                                    Move.say(s, "starting primary after failure")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.StartPrimary(
                                                                    s.startTimeout())))),
                    rule(
                            609,
                            "a primary that does not start cannot lead",
                            s -> stopped(s) && s.leading() && s.memory().startFailed(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "removed leader key after trying and failing to start postgres")
                                            .then(new Effect.Release(Optional.empty()))),
                    rule(
                            611,
                            "the lease was handed over: wait for who takes it",
                            s -> stopped(s) && s.unlocked() && handingOver(s),
                            s -> Move.say(s, "waiting for the new leader").lookAgainAfter(RETRY)),
                    rule(
                            612,
                            "the last start failed a moment ago",
                            s -> stopped(s) && s.memory().startFailed() && !s.due(),
                            s -> Move.say(s, "failed to start postgres").lookAgainAfter(RETRY)),
                    rule(
                            613,
                            "the end of the local WAL is known only after crash recovery",
                            s -> stopped(s) && !s.leading() && needsCrashRecovery(s),
                            s ->
                                    Move.say(s, "doing crash recovery in a single user mode")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.CrashRecovery()))),
                    rule(
                            614,
                            "the new leader has not finished its promotion",
                            s ->
                                    stopped(s)
                                            && formerPrimary(s)
                                            && followsSomebody(s)
                                            && !leaderIsPrimary(s)
                                            && !s.unlocked()
                                            && !s.named(),
                            s ->
                                    Move.say(s, "waiting for the leader to finish its promotion")
                                            .lookAgainAfter(Duration.ofMillis(500))),
                    rule(
                            615,
                            "a former primary may have left the leader's timeline",
                            s ->
                                    stopped(s)
                                            && formerPrimary(s)
                                            && leaderIsPrimary(s)
                                            && unknownDivergence(s)
                                            && s.due(),
                            s ->
                                    Move.say(s, "checking whether a rewind is needed")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.CheckDivergence(
                                                                    s.leaderMember()
                                                                            .orElseThrow())))
                                            .lookAgainAfter(RETRY)),
                    rule(
                            617,
                            "the local WAL has left the leader's timeline",
                            s ->
                                    stopped(s)
                                            && followsSomebody(s)
                                            && !mayWipeAfterFailure(s)
                                            && (diverged(s, Divergence.YES)
                                                    || diverged(s, Divergence.REWIND_FAILED))
                                            && rewindable(s)
                                            && s.due(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "running pg_rewind from "
                                                            + s.leaderMember().orElseThrow().name())
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.Rewind(
                                                                    s.leaderMember()
                                                                            .orElseThrow())))
                                            .lookAgainAfter(RETRY)),
                    rule(
                            619,
                            "a rewind is not to be had, and the operator allows a new copy",
                            s -> stopped(s) && followsSomebody(s) && mayWipe(s) && s.due(),
                            s ->
                                    Move.say(s, "reinitializing due to diverged timelines")
                                            .then(new Effect.Start(LockedRules.wipe(s)))),
                    rule(
                            620,
                            "a check or a rewind is tried again in a while; until then a server that may"
                                    + " have diverged is not started",
                            s -> stopped(s) && followsSomebody(s) && mayHaveLeft(s) && waits(s),
                            s -> Move.say(s, waiting(s)).lookAgainAfter(RETRY)),
                    rule(
                            621,
                            "the lease is ours: come up, then be promoted",
                            s -> stopped(s) && s.leading(),
                            s ->
                                    start(
                                            s,
                                            Optional.empty(),
                                            "starting as readonly because i had the session lock")),
                    rule(
                            625,
                            "a stopped server starts as a standby",
                            StoppedRules::stopped,
                            s -> start(s, LockedRules.upstream(s), "starting as a secondary")),
                    maybe(
                            651,
                            "the start takes longer than the operator allows",
                            s ->
                                    silent(s)
                                            && s.leading()
                                            && !s.paused()
                                            && s.local().state().isStarting()
                                            && startLeft(s) <= 0,
                            s -> Optional.of(giveUpStarting(s))),
                    rule(
                            653,
                            "the leader is starting",
                            s -> silent(s) && s.leading() && s.local().state().isStarting(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "PostgreSQL is still starting up, "
                                                            + startLeft(s)
                                                            + " seconds until timeout")
                                            .lookAgainAfter(RETRY)),
                    rule(
                            654,
                            "a leader that does not answer one question is no dead leader",
                            s -> silent(s) && s.leading(),
                            s ->
                                    Move.say(
                                                    s,
                                                    "Error communicating with PostgreSQL. Will try again"
                                                            + " later")
                                            .lookAgainAfter(RETRY)),
                    rule(
                            655,
                            "the server does not answer yet",
                            StoppedRules::silent,
                            s ->
                                    Move.say(s, "Still starting up as a standby.")
                                            .lookAgainAfter(RETRY)));

    private static boolean stopped(Situation s) {
        return !s.local().postmasterAlive();
    }

    private static boolean silent(Situation s) {
        return s.local().postmasterAlive() && s.local().status().isEmpty();
    }

    private static long startLeft(Situation s) {
        return s.startTimeout().toSeconds() - (s.now() - s.local().stateSince()) / 1_000_000_000L;
    }

    private static Optional<Handover> handover(Situation s) {
        return s.memory().handover();
    }

    private static Move handOver(Situation s) {
        Race.Verdict verdict = hasEverything(s);
        Move waiting =
                Move.say(s, "waiting until a candidate has everything")
                        .lookAgainAfter(Duration.ofMillis(50));
        if (verdict instanceof Race.Verdict.Ask ask) {
            return ask.members().isEmpty()
                    ? waiting
                    : waiting.then(new Effect.Probe(ask.members()));
        }
        if (verdict instanceof Race.Verdict.Yes) {
            return Move.say(s, "released leader key after stopping for a switchover")
                    .then(new Effect.Release(Handovers.position(s)))
                    .remembering(s.memory().withHandover(handover(s).map(Handover::done)));
        }
        if (s.now() - s.local().stateSince() < CATCH_UP.toNanos()) {
            return waiting;
        }
        Move again =
                Move.say(s, "nobody has everything that was acknowledged: leading again")
                        .then(new Effect.Start(new PostgresAction.StartPrimary(s.startTimeout())))
                        .remembering(s.memory().withHandover(Optional.empty()));
        return s.view()
                .filter(v -> v.failover().isPresent())
                .flatMap(v -> v.failoverVersion())
                .map(version -> again.then(new Effect.ClearFailover(version)))
                .orElse(again);
    }

    /** Whether the lease may go; an operator's manual failover accepts a loss. */
    private static Race.Verdict hasEverything(Situation s) {
        boolean lossAccepted =
                s.cluster().failover().filter(request -> request.leader().isEmpty()).isPresent();
        if (lossAccepted) {
            return new Race.Verdict.Yes();
        }
        return Handovers.position(s).isEmpty()
                ? new Race.Verdict.No("the shutdown was not clean")
                : new Race(s).possible(Handovers.position(s), Optional.empty());
    }

    /**
     * The daemon stopped the server itself to hand the lease over, and has not started it since.
     */
    private static boolean stoppedToHandOver(Situation s) {
        return handover(s).filter(h -> h.released() && !h.crashed()).isPresent();
    }

    private static boolean handingOver(Situation s) {
        return handover(s)
                .filter(h -> h.released() && s.now() - h.startedAt() < HANDOVER_PATIENCE.toNanos())
                .isPresent();
    }

    private static boolean crashedPrimary(Situation s) {
        Role role = s.local().role();
        return stopped(s)
                && s.leading()
                && !s.local().standbyConfigured()
                && handover(s).isEmpty()
                && (role == Role.PRIMARY || role == Role.PROMOTED);
    }

    private static Optional<Move> failOverAfterCrash(Situation s) {
        Race.Verdict verdict = new Race(s).possible(Optional.empty(), Optional.empty());
        if (verdict instanceof Race.Verdict.Ask ask) {
            Move waiting =
                    Move.say(s, "Primary crashed. Failing over.")
                            .lookAgainAfter(Duration.ofMillis(100));
            return Optional.of(
                    ask.members().isEmpty()
                            ? waiting
                            : waiting.then(new Effect.Probe(ask.members())));
        }
        return verdict instanceof Race.Verdict.Yes
                ? Optional.of(
                        Move.say(s, "stopped PostgreSQL to fail over after a crash")
                                .then(new Effect.Release(Optional.empty()))
                                .remembering(
                                        s.memory()
                                                .withHandover(
                                                        Optional.of(Handover.afterCrash(s.now())))))
                : Optional.empty();
    }

    private static boolean formerPrimary(Situation s) {
        return !s.local().standbyConfigured();
    }

    private static boolean needsCrashRecovery(Situation s) {
        return formerPrimary(s)
                && !s.memory().crashRecoveryTried()
                && (s.unlocked() || s.me().usePgRewind())
                && s.local().control().filter(c -> UNCLEAN.contains(c.clusterState())).isPresent();
    }

    private static Move giveUpStarting(Situation s) {
        Race.Verdict verdict = new Race(s).possible(Optional.empty(), Optional.empty());
        if (verdict instanceof Race.Verdict.Yes) {
            return Move.say(s, "stopped PostgreSQL because of startup timeout")
                    .then(new Effect.Fence(StopMode.IMMEDIATE, SafetyRules.IMMEDIATE_BUDGET))
                    .remembering(s.memory().withStartFailed(true));
        }
        Move waiting =
                Move.say(
                                s,
                                "primary start has timed out, but continuing to wait because failover is"
                                        + " not possible")
                        .lookAgainAfter(RETRY);
        return verdict instanceof Race.Verdict.Ask ask && !ask.members().isEmpty()
                ? waiting.then(new Effect.Probe(ask.members()))
                : waiting;
    }

    private static boolean followsSomebody(Situation s) {
        return !s.unlocked() && !s.named() && LockedRules.upstream(s).isPresent();
    }

    private static boolean leaderIsPrimary(Situation s) {
        return followsSomebody(s)
                && s.leaderMember()
                        .filter(
                                m ->
                                        m.role().filter(r -> r == Role.PRIMARY).isPresent()
                                                && m.isRunning())
                        .isPresent();
    }

    private static boolean unknownDivergence(Situation s) {
        return s.memory().divergence() == Divergence.UNKNOWN
                || !s.memory().divergenceFrom().equals(LockedRules.divergenceKey(s));
    }

    private static boolean diverged(Situation s, Divergence how) {
        return !unknownDivergence(s) && s.memory().divergence() == how;
    }

    private static boolean rewindable(Situation s) {
        return s.me().usePgRewind() && s.local().control().filter(c -> c.rewindable()).isPresent();
    }

    private static boolean mayHaveLeft(Situation s) {
        return formerPrimary(s)
                || diverged(s, Divergence.YES)
                || diverged(s, Divergence.REWIND_FAILED);
    }

    private static boolean waits(Situation s) {
        return !s.due()
                && (unknownDivergence(s)
                        || diverged(s, Divergence.YES) && rewindable(s)
                        || diverged(s, Divergence.REWIND_FAILED));
    }

    private static String waiting(Situation s) {
        return diverged(s, Divergence.REWIND_FAILED)
                ? "pg_rewind failed and is tried again in a minute; to copy this member anew run:"
                        + " matriarchctl reinit "
                        + s.me().scope()
                        + " "
                        + s.me().name()
                : "waiting until the leader can be compared with";
    }

    private static boolean mayWipeAfterFailure(Situation s) {
        return diverged(s, Divergence.REWIND_FAILED) && mayWipe(s);
    }

    private static boolean mayWipe(Situation s) {
        return (diverged(s, Divergence.YES) && s.me().removeOnDivergedTimelines())
                || (diverged(s, Divergence.REWIND_FAILED)
                        && (s.me().removeOnRewindFailure() || s.me().removeOnDivergedTimelines()));
    }

    private static Move start(Situation s, Optional<Upstream> upstream, String message) {
        return Move.say(s, message)
                .then(
                        new Effect.Start(
                                new PostgresAction.StartStandby(
                                        upstream, s.startTimeout(), "restarting after failure")));
    }
}
