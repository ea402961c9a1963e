package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Situations.empty;
import static io.matriarch.engine.decide.Situations.member;
import static io.matriarch.engine.decide.Situations.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.decide.Memory.Divergence;
import io.matriarch.engine.decide.Memory.FailedPromotion;
import io.matriarch.engine.decide.Memory.Handover;
import io.matriarch.engine.decide.Memory.Initializing;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each situation leads to the rule, and the rule to its first effect. */
class DeciderTest {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofSeconds(25);
    private static final PostgresAction PROMOTE = new PostgresAction.Promote();
    private static final PostgresAction STOP =
            new PostgresAction.Stop(StopMode.FAST, true, Optional.empty(), "switchover: demote");
    private static final Handover HANDOVER = Handover.begun(Situations.NOW - 1);
    private static final Memory HANDING_OVER = Memory.START.withHandover(Optional.of(HANDOVER));
    private static final Memory HANDED_OVER =
            Memory.START.withHandover(Optional.of(HANDOVER.done()));

    @ParameterizedTest(name = "rule {0}: {1}")
    @MethodSource("situations")
    void theSituationLeadsToItsRule(
            int rule, String why, Situations situation, Class<?> firstEffect) {
        Decision decision = situation.decide();

        assertThat(decision.rule()).as(decision.message()).isEqualTo(rule);
        if (firstEffect == Void.class) {
            assertThat(decision.effects()).isEmpty();
        } else {
            assertThat(decision.effects()).isNotEmpty();
            assertThat(decision.effects().get(0)).isInstanceOf(firstEffect);
        }
    }

    static Stream<Arguments> situations() {
        return Stream.of(safety(), actions(), orders(), data(), stopped0(), unlocked(), locked())
                .flatMap(s -> s);
    }

    private static Arguments row(int rule, String why, Situations s, Class<?> effect) {
        return Arguments.of(rule, why, s, effect);
    }

    private static Situations leading() {
        return member().primary().ledBy("a").leaseProvenBefore(FRESH);
    }

    /** All WAL is on disk and was sent, the lease is still there. */
    private static Situations handingOver() {
        return member().local(Situations.running(false, 1, 2000))
                .ledBy("a")
                .leaseProvenBefore(FRESH)
                .remembering(HANDING_OVER)
                .doing(
                        STOP,
                        Optional.of(
                                new ActionProgress.ShutDownCleanly(new Lsn(2000), new Lsn(2000))));
    }

    private static Stream<Arguments> safety() {
        return Stream.of(
                row(
                        101,
                        "the proof runs out",
                        member().primary().ledBy("a").leaseProvenBefore(LATE),
                        Effect.Fence.class),
                row(
                        101,
                        "also without the store",
                        member().primary().storeDown().leaseProvenBefore(LATE),
                        Effect.Fence.class),
                row(
                        101,
                        "also while promoting",
                        member().ledBy("a")
                                .leaseProvenBefore(LATE)
                                .doing(PROMOTE, Optional.of(new ActionProgress.Promoting())),
                        Effect.Fence.class),
                row(
                        101,
                        "an inherited proof runs out",
                        member().primary().storeDown().leaseInherited(LATE),
                        Effect.Fence.class),
                row(
                        353,
                        "an inherited proof holds, but does not lead",
                        member().primary().storeDown().leaseInherited(FRESH),
                        Void.class),
                row(
                        435,
                        "an inherited lease is proven first",
                        member().primary().ledBy("a").leaseInherited(FRESH),
                        Effect.Renew.class),
                row(
                        102,
                        "fencing goes on",
                        member().primary().leaseProvenBefore(LATE).fencing(),
                        Void.class),
                row(
                        103,
                        "the store says no",
                        member().primary().ledBy("b").leaseRefused(),
                        Effect.Fence.class),
                row(
                        104,
                        "in pause a refusal changes nothing",
                        member().primary().paused().storeDown().leaseRefused(),
                        Void.class),
                row(105, "another leads", member().primary().ledBy("b"), Effect.Fence.class),
                row(
                        107,
                        "a primary without any lease",
                        member().primary()
                                .storeDown()
                                .remembering(
                                        Memory.START.withUnprovenSince(
                                                OptionalLong.of(
                                                        Situations.NOW
                                                                - Duration.ofSeconds(11)
                                                                        .toNanos()))),
                        Effect.Fence.class),
                row(
                        341,
                        "a standby can be restarted without the store",
                        member().storeDown().ordered(new Order.Restart(Optional.empty())),
                        Effect.Start.class),
                row(
                        343,
                        "a primary without a lease can not",
                        member().primary().storeDown().ordered(new Order.Restart(Optional.empty())),
                        Effect.RefuseOrder.class),
                row(
                        343,
                        "nobody knows from whom to copy",
                        member().storeDown().ordered(new Order.Reinitialize(false, false)),
                        Effect.RefuseOrder.class),
                row(
                        351,
                        "the lease holds",
                        member().primary().storeDown().leaseProvenBefore(FRESH),
                        Void.class),
                row(353, "nothing can be known", member().storeDown(), Void.class));
    }

    private static Stream<Arguments> actions() {
        return Stream.of(
                row(
                        201,
                        "lost before promote",
                        member().doing(PROMOTE, Optional.empty()),
                        Effect.CancelAction.class),
                row(
                        203,
                        "a shutdown cancels a clone",
                        member().local(empty())
                                .ledBy("b")
                                .ordered(new Order.Shutdown())
                                .doing(new PostgresAction.Bootstrap(), Optional.empty()),
                        Effect.CancelAction.class),
                row(205, "clean, candidate unknown: ask", handingOver(), Effect.Probe.class),
                row(
                        205,
                        "clean, candidate has all: release",
                        handingOver().peer("b", false, 2000, Map.of()),
                        Effect.Release.class),
                row(
                        205,
                        "clean, candidate lacks WAL: wait",
                        handingOver()
                                .peer("b", false, 1999, Map.of())
                                .peer("c", false, 1999, Map.of()),
                        Void.class),
                row(207, "the lease is kept", leading().doing(STOP, Optional.empty()), Void.class),
                row(
                        209,
                        "an action goes on",
                        member().ledBy("b")
                                .doing(
                                        new PostgresAction.Follow(Optional.empty()),
                                        Optional.empty()),
                        Void.class));
    }

    private static Stream<Arguments> orders() {
        Order shutdown = new Order.Shutdown();
        Order reinit = new Order.Reinitialize(false, false);
        return Stream.of(
                row(
                        301,
                        "pause leaves PostgreSQL",
                        member().primary().paused().ordered(shutdown),
                        Effect.Exit.class),
                row(
                        303,
                        "shutdown stops PostgreSQL",
                        leading().ordered(shutdown),
                        Effect.Start.class),
                row(
                        305,
                        "then hands over",
                        member().local(stopped(Role.PRIMARY, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .ordered(shutdown),
                        Effect.Release.class),
                row(
                        307,
                        "then ends",
                        member().local(stopped(Role.PRIMARY, false, "shut down")).ordered(shutdown),
                        Effect.Exit.class),
                row(381, "no leader, no copy", member().ordered(reinit), Effect.RefuseOrder.class),
                row(
                        383,
                        "the leader is not copied over",
                        leading().ordered(reinit),
                        Effect.RefuseOrder.class),
                row(385, "a copy is made", member().ledBy("b").ordered(reinit), Effect.Start.class),
                row(
                        501,
                        "a restart is made",
                        member().ledBy("b").ordered(new Order.Restart(Optional.empty())),
                        Effect.Start.class));
    }

    private static final Memory CLAIMED = Memory.START.withClaim(Situations.INITIALIZED);

    private static Memory seenFor(Duration time) {
        return Memory.START.withStandingClaim(
                Optional.of(
                        new Memory.StandingClaim(
                                Situations.INITIALIZED, Situations.NOW - time.toNanos())));
    }

    private static Stream<Arguments> data() {
        Situations virgin = member().local(empty()).initialize(Optional.empty());
        return Stream.of(
                row(
                        403,
                        "a failed bootstrap is undone",
                        member().local(empty())
                                .initialize(Optional.of(""))
                                .remembering(CLAIMED.withInitializing(Initializing.FAILED)),
                        Effect.DropInitialize.class),
                row(
                        403,
                        "but not another's",
                        member().local(empty())
                                .initialize(Optional.of(""), "other")
                                .remembering(CLAIMED.withInitializing(Initializing.FAILED)),
                        Effect.Exit.class),
                row(
                        404,
                        "the claim of a slow bootstrap was removed, and another has claimed since",
                        member().primary()
                                .initialize(Optional.of(""), "other")
                                .remembering(CLAIMED.withInitializing(Initializing.READY)),
                        Effect.Fence.class),
                row(
                        404,
                        "another cluster was made meanwhile",
                        member().primary()
                                .initialize(Optional.of("1234567890123"))
                                .remembering(CLAIMED.withInitializing(Initializing.READY)),
                        Effect.Fence.class),
                row(
                        404,
                        "the claim was removed before it was used",
                        member().local(empty()).initialize(Optional.empty()).remembering(CLAIMED),
                        Void.class),
                row(
                        405,
                        "a bootstrap is made known",
                        member().primary()
                                .initialize(Optional.of(""))
                                .remembering(CLAIMED.withInitializing(Initializing.READY)),
                        Effect.WriteInitialize.class),
                row(
                        406,
                        "a new cluster is led",
                        member().primary()
                                .remembering(CLAIMED.withInitializing(Initializing.READY)),
                        Effect.Acquire.class),
                row(
                        407,
                        "the claim is used",
                        member().local(empty()).initialize(Optional.of("")).remembering(CLAIMED),
                        Effect.Start.class),
                row(
                        408,
                        "nobody is seen to bootstrap for long",
                        member().local(empty())
                                .initialize(Optional.of(""))
                                .others("stopped")
                                .remembering(seenFor(Duration.ofSeconds(41))),
                        Effect.DropInitialize.class),
                row(
                        408,
                        "a primary that nobody knows finishes a bootstrap that nobody does",
                        member().primary()
                                .initialize(Optional.of(""))
                                .others("stopped")
                                .remembering(seenFor(Duration.ofSeconds(41))),
                        Effect.WriteInitialize.class),
                row(
                        417,
                        "nobody is seen to bootstrap yet",
                        member().local(empty())
                                .initialize(Optional.of(""))
                                .others("stopped")
                                .remembering(seenFor(Duration.ofSeconds(39))),
                        Void.class),
                row(
                        417,
                        "somebody is seen to bootstrap",
                        member().local(empty())
                                .initialize(Optional.of(""))
                                .others("initializing new cluster")
                                .remembering(seenFor(Duration.ofHours(1))),
                        Void.class),
                row(411, "pause starts nothing", member().local(empty()).paused(), Void.class),
                row(413, "nobody was here", virgin, Effect.ClaimInitialize.class),
                row(
                        415,
                        "clone from the leader",
                        member().local(empty()).ledBy("b"),
                        Effect.Start.class),
                row(
                        417,
                        "somebody bootstraps",
                        member().local(empty()).initialize(Optional.of("")),
                        Void.class),
                row(
                        417,
                        "nofailover never bootstraps",
                        member().local(empty())
                                .initialize(Optional.empty())
                                .tagged("nofailover", true),
                        Void.class),
                row(
                        423,
                        "a foreign leader in pause lets go",
                        member().primary()
                                .paused()
                                .initialize(Optional.of("1234567890123"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH),
                        Effect.Release.class),
                row(
                        424,
                        "foreign in pause",
                        member().paused().initialize(Optional.of("1234567890123")),
                        Void.class),
                row(
                        425,
                        "a foreign primary is stopped first",
                        member().primary().initialize(Optional.of("1234567890123")),
                        Effect.Fence.class),
                row(
                        425,
                        "a foreign directory ends the daemon",
                        member().initialize(Optional.of("1234567890123")),
                        Effect.Exit.class),
                row(
                        427,
                        "a standby of an unknown cluster",
                        member().initialize(Optional.empty()),
                        Effect.Exit.class),
                row(
                        429,
                        "existing data",
                        member().primary().initialize(Optional.empty()),
                        Effect.WriteInitialize.class),
                row(
                        430,
                        "data meets a bootstrap",
                        member().primary().initialize(Optional.of("")),
                        Void.class),
                row(435, "my name, no proof", member().primary().ledBy("a"), Effect.Renew.class));
    }

    private static Stream<Arguments> stopped0() {
        Memory yes = Memory.START.withDivergence(Divergence.YES, "b@2", Situations.NOW);
        Memory no = Memory.START.withDivergence(Divergence.NO, "b@2", Situations.NOW);
        Situations lead =
                member().local(stopped(Role.PRIMARY, false, "in production"))
                        .ledBy("a")
                        .leaseProvenBefore(FRESH);
        return Stream.of(
                row(
                        600,
                        "stopped to hand over",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .remembering(HANDING_OVER),
                        Effect.Probe.class),
                row(
                        600,
                        "the candidate has everything",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .peer("b", false, 2000, Map.of())
                                .remembering(HANDING_OVER),
                        Effect.Release.class),
                row(
                        600,
                        "nobody has everything: lead again",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .peer("b", false, 1999, Map.of())
                                .peer("c", false, 1999, Map.of())
                                .remembering(HANDING_OVER),
                        Effect.Start.class),
                row(
                        600,
                        "a manual failover accepts a loss",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .requested(Optional.empty(), Optional.of("b"))
                                .remembering(HANDING_OVER),
                        Effect.Release.class),
                row(
                        601,
                        "pause and stopped",
                        member().local(stopped(Role.PRIMARY, false, "in production"))
                                .paused()
                                .ledBy("a")
                                .leaseProvenBefore(FRESH),
                        Effect.Release.class),
                row(
                        603,
                        "pause and stopped",
                        member().local(stopped(Role.REPLICA, true, "shut down"))
                                .paused()
                                .ledBy("b"),
                        Void.class),
                row(
                        603,
                        "pause: a crash is no reason to start, though the lease was given up for it",
                        member().local(stopped(Role.PRIMARY, false, "in production"))
                                .paused()
                                .ledBy("b")
                                .remembering(
                                        Memory.START.withHandover(
                                                Optional.of(
                                                        Handover.afterCrash(Situations.NOW - 1)))),
                        Void.class),
                row(
                        614,
                        "pause: a former primary waits for whom it handed over to",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .paused()
                                .ledBy("b")
                                .remembering(HANDED_OVER),
                        Void.class),
                row(
                        605,
                        "crash, fail over at once: ask",
                        member().local(stopped(Role.PRIMARY, false, "in production"))
                                .startTimeout(Duration.ZERO)
                                .ledBy("a")
                                .leaseProvenBefore(FRESH),
                        Effect.Probe.class),
                row(
                        605,
                        "crash, fail over at once",
                        member().local(stopped(Role.PRIMARY, false, "in production"))
                                .startTimeout(Duration.ZERO)
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .peer("b", false, 900, Map.of()),
                        Effect.Release.class),
                row(607, "crash", lead, Effect.Start.class),
                row(
                        609,
                        "crash, and it does not start",
                        member().local(stopped(Role.PRIMARY, false, "in production"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .remembering(Memory.START.withStartFailed(true)),
                        Effect.Release.class),
                row(
                        611,
                        "handed over",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .remembering(HANDED_OVER),
                        Void.class),
                row(
                        613,
                        "unclean end",
                        member().local(stopped(Role.DEMOTED, false, "in production")).ledBy("b"),
                        Effect.Start.class),
                row(
                        614,
                        "the new leader still promotes",
                        member().local(stopped(Role.DEMOTED, false, "shut down")).ledBy("b"),
                        Void.class),
                row(
                        615,
                        "divergence unknown",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("b")
                                .publishing("b", Role.PRIMARY, 2),
                        Effect.Start.class),
                row(
                        617,
                        "diverged",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("b")
                                .publishing("b", Role.PRIMARY, 2)
                                .remembering(yes),
                        Effect.Start.class),
                row(
                        619,
                        "diverged, may be wiped",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .withoutRewind()
                                .mayWipe()
                                .ledBy("b")
                                .publishing("b", Role.PRIMARY, 2)
                                .remembering(yes),
                        Effect.Start.class),
                row(
                        625,
                        "diverged, nothing allowed",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .withoutRewind()
                                .ledBy("b")
                                .publishing("b", Role.PRIMARY, 2)
                                .remembering(yes),
                        Effect.Start.class),
                row(
                        625,
                        "not diverged",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("b")
                                .publishing("b", Role.PRIMARY, 2)
                                .remembering(no),
                        Effect.Start.class),
                row(
                        621,
                        "the lease came back to a stopped server",
                        member().local(stopped(Role.DEMOTED, false, "shut down"))
                                .ledBy("a")
                                .leaseProvenBefore(FRESH),
                        Effect.Start.class));
    }

    private static Stream<Arguments> unlocked() {
        return Stream.of(
                row(
                        701,
                        "the record vanished",
                        member().primary().leaseProvenBefore(FRESH),
                        Effect.Renew.class),
                row(
                        703,
                        "an old timeline",
                        member().primary().clusterTimeline(2),
                        Effect.Fence.class),
                row(
                        705,
                        "a primary takes its lease",
                        member().primaryOnTimeline(2).clusterTimeline(2),
                        Effect.Acquire.class),
                row(
                        707,
                        "pre_promote",
                        member().remembering(
                                        Memory.START.withFailedPromotion(
                                                new FailedPromotion(Situations.NOW - 1, true))),
                        Void.class),
                row(709, "pause", member().paused(), Void.class),
                row(711, "nofailover", member().tagged("nofailover", true), Void.class),
                row(713, "ask first", member().standby(1000), Effect.Probe.class),
                row(
                        713,
                        "healthiest",
                        member().standby(1000)
                                .peer("b", false, 1000, Map.of())
                                .peer("c", false, 900, Map.of()),
                        Effect.Acquire.class),
                row(
                        713,
                        "silent peers do not vote",
                        member().standby(1000).silentPeer("b").silentPeer("c"),
                        Effect.Acquire.class),
                row(
                        713,
                        "somebody is ahead",
                        member().standby(1000)
                                .peer("b", false, 1001, Map.of())
                                .peer("c", false, 900, Map.of()),
                        Void.class),
                row(
                        713,
                        "somebody ahead may not lead",
                        member().standby(1000)
                                .peer("b", false, 1001, Map.of("nofailover", true))
                                .silentPeer("c"),
                        Effect.Acquire.class),
                row(
                        713,
                        "a primary lives",
                        member().standby(1000)
                                .peer("b", true, 0, Map.of())
                                .peer("c", false, 900, Map.of()),
                        Void.class),
                row(
                        713,
                        "lag",
                        member().standby(1000)
                                .optime(1000 + 1048577)
                                .silentPeer("b")
                                .silentPeer("c"),
                        Void.class),
                row(
                        713,
                        "lag at the limit",
                        member().standby(1000)
                                .optime(1000 + 1048576)
                                .silentPeer("b")
                                .silentPeer("c"),
                        Effect.Acquire.class),
                row(
                        713,
                        "equal WAL: higher priority wins",
                        member().standby(1000)
                                .peer("b", false, 1000, Map.of("failover_priority", 2))
                                .silentPeer("c"),
                        Void.class),
                row(
                        713,
                        "equal WAL: own priority is higher",
                        member().standby(1000)
                                .tagged("failover_priority", 3)
                                .peer("b", false, 1000, Map.of("failover_priority", 2))
                                .silentPeer("c"),
                        Effect.Acquire.class),
                row(
                        713,
                        "I am the candidate",
                        member().standby(1)
                                .optime(9999999)
                                .requested(Optional.of("b"), Optional.of("a")),
                        Effect.Acquire.class),
                row(
                        713,
                        "the candidate is able",
                        member().standby(1000)
                                .requested(Optional.of("b"), Optional.of("c"))
                                .peer("c", false, 900, Map.of()),
                        Void.class),
                row(
                        713,
                        "the candidate is gone",
                        member().standby(1000)
                                .requested(Optional.of("b"), Optional.of("c"))
                                .silentPeer("c")
                                .silentPeer("b"),
                        Effect.Acquire.class),
                row(
                        713,
                        "pause: the candidate may",
                        member().standby(1).paused().requested(Optional.empty(), Optional.of("a")),
                        Effect.Acquire.class));
    }

    private static Stream<Arguments> locked() {
        Situations diverged =
                member().local(Situations.running(true, 1, 5))
                        .ledBy("c")
                        .publishing("c", Role.PRIMARY, 1);
        return Stream.of(
                row(
                        801,
                        "pre_promote failed",
                        member().ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .remembering(
                                        Memory.START.withFailedPromotion(
                                                new FailedPromotion(Situations.NOW - 1, true))),
                        Effect.Release.class),
                row(
                        802,
                        "pause: no promotion",
                        member().paused().ledBy("a").leaseProvenBefore(FRESH),
                        Effect.Release.class),
                row(
                        803,
                        "pause: the candidate is promoted",
                        member().paused()
                                .ledBy("a")
                                .leaseProvenBefore(FRESH)
                                .requested(Optional.empty(), Optional.of("a")),
                        Effect.Start.class),
                row(
                        803,
                        "promote",
                        member().ledBy("a").leaseProvenBefore(FRESH),
                        Effect.Start.class),
                row(
                        805,
                        "switchover: ask",
                        leading().requested(Optional.of("a"), Optional.of("b")),
                        Effect.Probe.class),
                row(
                        805,
                        "switchover: go",
                        leading()
                                .requested(Optional.of("a"), Optional.of("b"))
                                .peer("b", false, 900, Map.of()),
                        Effect.Start.class),
                row(
                        805,
                        "switchover: the candidate does not stream yet",
                        leading()
                                .requested(Optional.of("a"), Optional.of("c"))
                                .peer("c", false, 900, Map.of()),
                        Void.class),
                row(
                        805,
                        "switchover: impossible",
                        leading().requested(Optional.of("a"), Optional.of("b")).silentPeer("b"),
                        Effect.ClearFailover.class),
                row(
                        805,
                        "switchover from another",
                        leading().requested(Optional.of("c"), Optional.of("b")),
                        Effect.ClearFailover.class),
                row(
                        805,
                        "switchover to myself",
                        leading().requested(Optional.of("a"), Optional.of("a")),
                        Effect.ClearFailover.class),
                row(819, "the leader leads", leading(), Void.class),
                row(
                        831,
                        "pause: a primary without lock",
                        member().primary().paused().ledBy("b"),
                        Void.class),
                row(837, "another upstream", diverged, Effect.Start.class),
                row(839, "the standby follows", member().ledBy("b"), Void.class));
    }

    @Test
    void numbersRiseAndTheLastRowAlwaysMatches() {
        assertThat(Decider.TABLE).extracting(Rule::number).isSorted().doesNotHaveDuplicates();
        assertThat(Decider.TABLE).extracting(Rule::because).allMatch(text -> !text.isBlank());
        Rule lastRow = Decider.TABLE.get(Decider.TABLE.size() - 1);
        assertThat(lastRow.when().test(member().ledBy("b").now())).isTrue();
    }

    @Test
    void theStopBeginsBeforeTheLeaseCanPassOn() {
        LeaseBelief lease = member().leaseProvenBefore(Duration.ZERO).now().lease();

        assertThat(lease.writesEndAt()).isLessThan(lease.lease().orElseThrow().validUntil());
        assertThat(lease.stopAt()).isEqualTo(lease.writesEndAt() - lease.stopBudget().toNanos());
    }

    @Test
    void whenHardlyTimeIsLeftTheFenceKillsAtOnce() {
        Decision decision =
                member().primary().leaseProvenBefore(Duration.ofMillis(29_700)).decide();

        assertThat(decision.effects())
                .containsExactly(new Effect.Fence(StopMode.KILL, Duration.ZERO));
    }

    @Test
    void messagesSayThatTheClusterIsPaused() {
        assertThat(member().paused().ledBy("b").decide().message())
                .isEqualTo("PAUSE: no action. I am (a), a secondary, and following a leader (b)");
    }

    @Test
    void aFailedStartIsRemembered() {
        Situation s = member().ledBy("a").now();

        Memory after =
                Decider.learn(
                        s,
                        new PostgresAction.StartPrimary(FRESH),
                        new ActionResult.Failed("disk full"));

        assertThat(after.startFailed()).isTrue();
        assertThat(
                        Decider.learn(
                                        s,
                                        new PostgresAction.StartPrimary(FRESH),
                                        new ActionResult.Succeeded())
                                .startFailed())
                .isFalse();
    }

    @Test
    void aVerdictOnDivergenceHoldsOnlyForItsLeaderAndTimeline() {
        Situation s = member().ledBy("b").publishing("b", Role.PRIMARY, 2).now();

        Memory after =
                Decider.learn(
                        s,
                        new PostgresAction.CheckDivergence(s.leaderMember().orElseThrow()),
                        new ActionResult.Divergence(true));

        assertThat(after.divergence()).isEqualTo(Divergence.YES);
        assertThat(after.divergenceFrom()).isEqualTo("b@2");
    }
}
