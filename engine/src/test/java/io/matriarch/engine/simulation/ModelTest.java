package io.matriarch.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The models behave as what they stand for. */
class ModelTest {
    private final Script script = new Script(7, "a", "b");

    private LocalState look(String name) {
        List<LocalState> seen = new ArrayList<>();
        script.postgres(name).observe(seen::add);
        script.pass(3);
        return seen.get(0);
    }

    @Test
    void aStandbyStreamsBehindItsPrimary() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.pass(3);

        assertThat(script.server("b").isStreaming()).isTrue();
        long behind = script.server("a").position() - script.server("b").position();
        assertThat(behind).isBetween(0L, 2_000L);
        assertThat(look("b").role()).isEqualTo(Role.REPLICA);
        assertThat(look("a").takesWrites()).isTrue();
    }

    @Test
    void aCutNetworkStopsStreaming() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.cluster().fleet().settle();
        script.cluster().network().cut("a", "b");
        long at = script.server("b").position();
        script.pass(5);

        assertThat(script.server("b").isStreaming()).isFalse();
        assertThat(script.server("b").position()).isEqualTo(at);
    }

    @Test
    void aCrashIsTold() {
        script.makePrimary("a");
        script.server("a").crash();
        script.pass(1);

        assertThat(script.heard("a")).contains("PostgreSQL crashed");
        LocalState state = look("a");
        assertThat(state.postmasterAlive()).isFalse();
        assertThat(state.state()).isEqualTo(MemberState.CRASHED);
        assertThat(state.control().orElseThrow().clusterState()).isEqualTo("in production");
    }

    @Test
    void aCleanStopSendsTheCheckpointToTheStandby() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.pass(3);
        script.act("a", stop(StopMode.FAST));

        assertThat(script.heard("a"))
                .hasAtLeastOneElementOfType(ActionProgress.ShutDownCleanly.class);
        assertThat(script.server("b").position()).isEqualTo(script.server("a").checkpoint());
        assertThat(look("a").role()).isEqualTo(Role.DEMOTED);
    }

    @Test
    void promotionBeginsATimelineThatTheOldPrimaryHasLeft() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.pass(3);
        script.server("a").crash();
        script.pass(31);
        script.acquire("b");
        script.act("b", new PostgresAction.Promote());

        assertThat(look("b").status().orElseThrow().timeline()).isEqualTo(2);
        script.act("a", new PostgresAction.CheckDivergence(Member.named("b")));
        assertThat(script.heard("a")).contains(new ActionResult.Divergence(true));
        script.act("a", new PostgresAction.Rewind(Member.named("b")));
        assertThat(last("a")).isInstanceOf(ActionResult.NotYet.class);
        script.renew("b");
        script.postgres("b").checkpoint(works -> assertThat(works).isTrue());
        script.pass(3);
        script.act("a", new PostgresAction.Rewind(Member.named("b")));
        script.renew("b");
        script.act(
                "a",
                new PostgresAction.StartStandby(
                        Optional.of(Script.upstream("b")), Duration.ofSeconds(60), "start"));
        script.pass(3);
        assertThat(script.server("a").isStreaming()).isTrue();
        assertThat(script.server("a").timeline()).isSameAs(script.server("b").timeline());
    }

    @Test
    void aFenceEndsWithinItsBudgetHoweverSlowTheServer() {
        script.makePrimary("a");
        script.server("a").tempo().slowStop = true;
        List<Long> done = new ArrayList<>();
        long from = script.world().nanos();
        script.postgres("a")
                .fence(
                        StopMode.FAST,
                        Duration.ofSeconds(2),
                        () -> done.add(script.world().nanos()));
        script.pass(10);

        assertThat(done).hasSize(1);
        assertThat(Duration.ofNanos(done.get(0) - from)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aFenceCancelsTheRunningAction() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.begin("b", new PostgresAction.Restart(Duration.ofSeconds(60)));
        script.postgres("b").fence(StopMode.KILL, Duration.ZERO, () -> {});
        script.pass(20);

        assertThat(script.heard("b")).contains(new ActionResult.Cancelled());
        assertThat(script.server("b").isAlive()).isFalse();
    }

    @Test
    void aLostReplyIsUnknownThoughTheWriteTookEffect() {
        script.node("a").storeLink().cutReplies();
        Optional<StoreAnswer<Object>> answer = script.ask("a", (dcs, d) -> write(dcs, d, "x"));

        assertThat(answer.orElseThrow()).isInstanceOf(StoreAnswer.Failed.class);
        assertThat(((StoreAnswer.Failed<Object>) answer.get()).kind())
                .isEqualTo(StoreAnswer.Kind.OUTCOME_UNKNOWN);
        assertThat(script.cluster().store().text(EntryKind.HISTORY)).contains("x");
    }

    @Test
    void aRefusedConnectionIsKnownNotToBeApplied() {
        script.node("a").storeLink().refuse();
        Optional<StoreAnswer<Object>> answer = script.ask("a", (dcs, d) -> write(dcs, d, "x"));

        assertThat(((StoreAnswer.Failed<Object>) answer.orElseThrow()).kind())
                .isEqualTo(StoreAnswer.Kind.NOT_APPLIED);
        script.pass(60);
        assertThat(script.cluster().store().text(EntryKind.HISTORY)).isEmpty();
    }

    private static Object write(
            io.matriarch.spi.Dcs dcs, io.matriarch.spi.Deadline deadline, String text) {
        return dcs.write(EntryKind.HISTORY, Optional.of(Value.of(text)), Guard.any(), deadline);
    }

    @Test
    void theStoreEndsALeaseByTrueTime() {
        script.acquire("a");
        assertThat(script.cluster().store().holder()).contains("a");
        script.pass(29);
        assertThat(script.cluster().store().holder()).contains("a");
        script.pass(2);
        assertThat(script.cluster().store().holder()).isEmpty();
    }

    @Test
    void aWatchTellsOfWhatOthersDoAndOfWhatWasMissed() {
        script.acquire("a");
        script.pass(1);
        assertThat(script.heard("b")).contains(java.util.Set.of(EntryKind.LEADER));

        script.node("b").storeLink().cutRequests();
        script.pass(40);
        script.heard("b").clear();
        script.node("b").storeLink().mend();
        script.node("b").storeReconnected();
        script.pass(1);
        assertThat(script.heard("b")).contains(java.util.Set.of());
    }

    @Test
    void aProbeSeesThePeerOrNothing() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        assertThat(probe("b", "a").orElseThrow().runningAsPrimary()).isTrue();
        assertThat(probe("a", "b").orElseThrow().lsn().isZero()).isFalse();

        script.node("a").freezeDaemon();
        assertThat(probe("b", "a")).isEmpty();
    }

    private Optional<PeerStatus> probe(String from, String to) {
        List<Optional<PeerStatus>> answers = new ArrayList<>();
        script.peers(from).probe(Member.named(to), Duration.ofSeconds(2), answers::add);
        script.pass(3);
        return answers.get(0);
    }

    @Test
    void aFrozenDaemonCatchesUpWhenItThaws() {
        List<String> seen = new ArrayList<>();
        DaemonLane lane = script.node("a").lane().orElseThrow();
        lane.after(Duration.ofSeconds(1), () -> seen.add("timer"));
        lane.after(Duration.ofSeconds(2), () -> seen.add("cancelled")).cancel();
        script.node("a").freezeDaemon();
        script.pass(5);
        assertThat(seen).isEmpty();
        script.node("a").thawDaemon();
        script.pass(0.001);
        assertThat(seen).containsExactly("timer");
    }

    @Test
    void oneSeedIsOneHistory() {
        Simulation.Result one = Simulation.run(11, 5_000);
        Simulation.Result two = Simulation.run(11, 5_000);

        assertThat(one.trace()).hasSizeGreaterThan(20);
        assertThat(two.trace()).isEqualTo(one.trace());
        assertThat(two.events()).isEqualTo(one.events());
    }

    private Object last(String name) {
        List<Object> results =
                script.heard(name).stream().filter(ActionResult.class::isInstance).toList();
        return results.get(results.size() - 1);
    }

    private static PostgresAction stop(StopMode mode) {
        return new PostgresAction.Stop(mode, false, Optional.empty(), "stop");
    }
}
