package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Memory.Initializing;
import io.matriarch.engine.decide.Memory.StandingClaim;
import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** 403 to 408: a cluster that comes into being, by the member whose initialize key it is. */
final class BootstrapRules {
    private BootstrapRules() {}

    private static final String TAKEN_OVER =
            "another member took over the bootstrap meanwhile; to join its cluster, remove this"
                    + " member's data directory";

    /** Members in these states do not bootstrap. */
    private static final Set<MemberState> IDLE =
            EnumSet.of(
                    MemberState.STOPPED,
                    MemberState.STOP_FAILED,
                    MemberState.CRASHED,
                    MemberState.START_FAILED,
                    MemberState.RESTART_FAILED,
                    MemberState.INITDB_FAILED,
                    MemberState.CUSTOM_BOOTSTRAP_FAILED);

    static final List<Rule> TABLE =
            List.of(
                    rule(
                            403,
                            "an own bootstrap failed: let others try",
                            s -> s.memory().initializing() == Initializing.FAILED,
                            BootstrapRules::giveUp),
                    rule(
                            404,
                            "the right to bootstrap has passed on: two clusters must not become one",
                            s -> bootstraps(s) && claimIsLost(s),
                            BootstrapRules::yield),
                    rule(
                            405,
                            "the new cluster is up: make it known",
                            s -> up(s) && s.cluster().systemId().isEmpty(),
                            s ->
                                    Move.say(s, "writing the system identifier of the new cluster")
                                            .then(
                                                    new Effect.WriteInitialize(
                                                            s.local().systemId().get(),
                                                            s.memory()
                                                                    .claim()
                                                                    .map(Guard::version)
                                                                    .orElse(Guard.any())))
                                            .then(
                                                    new Effect.WriteConfig(
                                                            s.me().bootstrap().orElse(Map.of())))),
                    rule(
                            406,
                            "the new cluster is known: lead it",
                            s -> up(s) && !s.leading(),
                            s ->
                                    Move.say(s, "initialized a new cluster")
                                            .then(new Effect.Acquire())
                                            .lookAgainAfter(Duration.ofMillis(500))),
                    rule(
                            407,
                            "the right to bootstrap is ours",
                            s -> s.memory().initializing() == Initializing.CLAIMED,
                            s ->
                                    Move.say(s, "trying to bootstrap a new cluster")
                                            .then(
                                                    new Effect.Start(
                                                            new PostgresAction.Bootstrap()))),
                    rule(
                            408,
                            "whoever bootstraps is gone: let others try",
                            s -> !s.paused() && abandoned(s),
                            BootstrapRules::takeOver));

    /**
     * The data of a primary that runs may be what that bootstrap has made: none of it is wasted.
     */
    private static Move takeOver(Situation s) {
        Version version = s.memory().standingClaim().orElseThrow().version();
        return s.primary() && s.local().systemId().isPresent()
                ? Move.say(s, "taking over a bootstrap that nobody finishes")
                        .then(
                                new Effect.WriteInitialize(
                                        s.local().systemId().get(), Guard.version(version)))
                : Move.say(s, "removing the initialize key of a bootstrap that nobody finishes")
                        .then(new Effect.DropInitialize(version));
    }

    /**
     * The empty initialize key has no owner and no end of its own. It is nobody's if no member is
     * seen to bootstrap for as long as a member's record lives, and a loop.
     */
    private static boolean abandoned(Situation s) {
        Duration patience = s.settings().ttl().plus(s.settings().loopWait());
        return s.memory()
                .standingClaim()
                .filter(claim -> s.now() - claim.since() >= patience.toNanos())
                .isPresent();
    }

    /** What is remembered of an initialize key that says that somebody bootstraps. */
    static Optional<StandingClaim> standingClaim(Situation s) {
        Optional<ClusterView> view = s.view().filter(ClusterView::isUnlocked);
        boolean marked = view.flatMap(ClusterView::initialize).filter(String::isEmpty).isPresent();
        if (!marked
                || s.memory().initializing() != Initializing.NO
                || othersMayBootstrap(view.get(), s.me().name())) {
            return Optional.empty();
        }
        return view.get()
                .initializeVersion()
                .map(
                        version ->
                                s.memory()
                                        .standingClaim()
                                        .filter(claim -> claim.version().equals(version))
                                        .orElse(new StandingClaim(version, s.now())));
    }

    private static boolean othersMayBootstrap(ClusterView view, String me) {
        return view.members().values().stream()
                .filter(member -> !member.name().equals(me))
                .anyMatch(member -> !idle(member));
    }

    /** A state that is not known may be one of a newer release: it counts as work. */
    private static boolean idle(Member member) {
        return MemberState.parse(member.state()).filter(IDLE::contains).isPresent();
    }

    private static Move giveUp(Situation s) {
        Move move =
                Move.say(s, "removing initialize key after failed attempt to bootstrap the cluster")
                        .remembering(s.memory().withInitializing(Initializing.NO));
        boolean ours = !claimIsLost(s);
        if (ours && s.memory().claim().isPresent()) {
            move = move.then(new Effect.DropInitialize(s.memory().claim().get()));
        }
        String why = ours ? s.local().problem() : TAKEN_OVER;
        return move.then(new Effect.Exit(1, "Failed to bootstrap cluster: " + why));
    }

    private static Move yield(Situation s) {
        Move move = Move.say(s, "stopping: " + TAKEN_OVER);
        return s.memory().initializing() == Initializing.CLAIMED
                ? Move.say(s, "failed to acquire initialize lock")
                        .remembering(s.memory().withInitializing(Initializing.NO))
                : move.then(new Effect.Fence(StopMode.IMMEDIATE, SafetyRules.IMMEDIATE_BUDGET));
    }

    private static boolean bootstraps(Situation s) {
        Initializing how = s.memory().initializing();
        return how == Initializing.CLAIMED || how == Initializing.READY;
    }

    /** The key is neither as this process wrote it, nor does it name the cluster it has made. */
    private static boolean claimIsLost(Situation s) {
        ClusterView view = s.cluster();
        boolean done = view.systemId().isPresent() && view.systemId().equals(s.local().systemId());
        boolean untouched =
                view.initialize().filter(String::isEmpty).isPresent()
                        && view.initializeVersion().equals(s.memory().claim());
        return !done && !untouched && s.memory().claim().isPresent();
    }

    private static boolean up(Situation s) {
        return s.memory().initializing() == Initializing.READY
                && s.primary()
                && s.local().systemId().isPresent();
    }
}
