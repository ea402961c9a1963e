package io.matriarch.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StopMode;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each check finds the misbehaviour that it is there for. */
class PlantedBugsTest {
    private final Script script = new Script(3, "a", "b", "c");

    private void assertCaught(String invariant) {
        assertThat(script.world().violation().map(Violation::invariant)).contains(invariant);
    }

    private void assertFine() {
        assertThat(script.world().violation()).isEmpty();
    }

    @Test
    void behavingWellIsNoViolation() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.renew("a");
        script.act("a", stop());
        release("a");
        script.acquire("b");
        script.act("b", new PostgresAction.Promote());
        script.renew("b");
        script.pass(20);
        assertFine();
    }

    @Test
    void i1TwoPrimaries() {
        script.makePrimary("a");
        // A fresh primary needs no lease yet, so that only the count of writers can notice it.
        script.server("b").initialize("7300000000000000009");
        script.server("b").launch(() -> {});
        script.pass(4);
        script.server("b").crash();
        script.pass(1);

        assertCaught("I1");
        assertThat(script.world().violation().orElseThrow().detail())
                .startsWith("a and b both took writes for ");
    }

    @Test
    void l1TheStoreHandsOutTwoLeases() {
        script.acquire("a");
        script.cluster().store().loseLeader();
        script.acquire("b");
        assertCaught("L1");
    }

    @Test
    void i2PromotionWithoutALease() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.act("b", new PostgresAction.Promote());
        assertCaught("I2");
    }

    @Test
    void i2PromotionOnAnExpiredLease() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.act("a", stop());
        release("a");
        script.acquire("b");
        script.pass(31);
        script.act("b", new PostgresAction.Promote());
        assertCaught("I2");
    }

    @Test
    void i3NobodyStopsWhenTheLeaseEnds() {
        script.makePrimary("a");
        script.pass(40);
        assertCaught("I3");
    }

    @Test
    void i4SomethingElseBeforeTheStop() {
        loseLeaseWhilePrimary();
        script.postgres("a").checkpoint(done -> {});
        assertCaught("I4");
    }

    @Test
    void i4NoStopAtAll() {
        loseLeaseWhilePrimary();
        script.pass(3);
        assertCaught("I4");
    }

    @Test
    void i4AStopIsRight() {
        loseLeaseWhilePrimary();
        script.postgres("a").fence(StopMode.IMMEDIATE, Duration.ofSeconds(1), () -> {});
        script.pass(3);
        assertFine();
    }

    /** The record is gone for a reason that the checks of the store do not judge. */
    private void loseLeaseWhilePrimary() {
        script.makePrimary("a");
        script.pass(5);
        script.cluster().store().replaceLeader("elsewhere");
        script.renew("a");
    }

    @Test
    void i8UnconditionalClear() {
        write("a", EntryKind.FAILOVER, Optional.of("{}"), Guard.any());
        assertCaught("I8");
    }

    @Test
    void i8GuardedClearIsRight() {
        script.cluster().store().put(EntryKind.FAILOVER, "{\"member\":\"a\"}");
        script.ask(
                "a",
                (dcs, d) ->
                        dcs.write(
                                EntryKind.FAILOVER,
                                Optional.empty(),
                                Guard.version(
                                        dcs.read(StoreService.SCOPE, d)
                                                .entry(EntryKind.FAILOVER)
                                                .orElseThrow()
                                                .version()),
                                d));
        assertFine();
    }

    @Test
    void i8Purge() {
        script.ask("a", (dcs, d) -> dcs.purge(d));
        assertCaught("I8");
    }

    @Test
    void i10NofailoverMemberTakesTheLease() {
        Script tagged = new Script(3, "a");
        tagged.cluster()
                .add("n", new Tags(java.util.Map.of("nofailover", true)), java.util.Map.of())
                .startDaemon();
        tagged.makePrimary("a");
        tagged.makeStandby("n", "a");
        tagged.act("a", stop());
        tagged.pass(31);
        tagged.acquire("n");
        assertThat(tagged.world().violation().map(Violation::invariant)).contains("I10");
    }

    @Test
    void i12ForeignServerTakesTheLease() {
        beForeign("a");
        script.acquire("a");
        assertCaught("I12");
    }

    @Test
    void i12ForeignServerFollows() {
        beForeign("a");
        script.act(
                "a",
                new PostgresAction.StartStandby(
                        Optional.of(Script.upstream("b")), Duration.ofSeconds(9), "start"));
        assertCaught("I12");
    }

    @Test
    void i12ForeignServerIsWiped() {
        beForeign("a");
        script.act("a", reinitialize());
        assertCaught("I12");
    }

    private void beForeign(String name) {
        script.cluster().store().put(EntryKind.INITIALIZE, "7000000000000000001");
        script.server(name).adopt("7999999999999999999");
    }

    @Test
    void i13BootstrapWithoutInitialize() {
        script.act("a", new PostgresAction.Bootstrap());
        assertCaught("I13");
    }

    @Test
    void i13WipeOnItsOwnAccount() {
        script.makePrimary("b");
        script.makeStandby("a", "b");
        script.act("a", reinitialize());
        assertCaught("I13");
    }

    @Test
    void i13WipeByOrderIsRight() {
        script.makePrimary("b");
        script.makeStandby("a", "b");
        script.node("a").reinitializeOrdered();
        script.act("a", reinitialize());
        assertFine();
    }

    private static PostgresAction reinitialize() {
        return new PostgresAction.Reinitialize(
                Member.named("b"), true, Script.upstream("b"), "reinitializing");
    }

    @Test
    void i14ActingInPause() {
        script.makePrimary("a");
        script.setPause(true);
        script.act("a", stop());
        assertCaught("I14");
    }

    @Test
    void i14FencingInPause() {
        script.makePrimary("a");
        script.setPause(true);
        script.postgres("a").fence(StopMode.FAST, Duration.ofSeconds(1), () -> {});
        assertCaught("I14");
    }

    @Test
    void i14AnOrderInPauseIsRight() {
        script.makePrimary("a");
        script.setPause(true);
        script.node("a").ordered();
        script.act("a", new PostgresAction.Restart(Duration.ofSeconds(20)));
        assertFine();
    }

    @Test
    void i15ReleaseByARunningPrimary() {
        script.makePrimary("a");
        release("a");
        assertCaught("I15");
    }

    @Test
    void i15EarlyReleaseWithoutACandidate() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        script.server("b").tempo().laggingReplication = true;
        script.pass(2);
        script.server("a").tempo().slowCheckpoint = true;
        script.begin("a", stop());
        script.world()
                .runUntil(
                        () -> script.server("a").phase() == Server.Phase.CHECKPOINTING,
                        Duration.ofSeconds(5));
        release("a");
        assertCaught("I15");
    }

    @Test
    void i18StalePrimaryTakesTheLease() {
        script.makePrimary("a");
        script.makeStandby("b", "a");
        write(
                "b",
                EntryKind.HISTORY,
                Optional.of("[[1,16777336,\"x\"],[2,16777400,\"y\"]]"),
                Guard.any());
        script.node("a").killDaemon();
        script.pass(32);
        script.node("a").startDaemon();
        script.acquire("a");
        assertCaught("I18");
    }

    @Test
    void i20TwoActionsAtATime() {
        script.makePrimary("a");
        PostgresPort.Running first =
                script.begin("a", new PostgresAction.Restart(Duration.ofSeconds(20)));
        script.begin("a", stop());
        assertCaught("I20");
        first.cancel();
    }

    @Test
    void x0AnExceptionOnTheLane() {
        script.node("a")
                .lane()
                .orElseThrow()
                .execute(
                        () -> {
                            throw new IllegalStateException("planted");
                        });
        script.pass(1);
        assertCaught("X0");
    }

    // ---- the same, with the real shell behind a broken port

    @Test
    void aFenceThatDoesNothingIsFound() {
        assertFoundBehindTheShell(Meddling.withoutFence(), "I3");
    }

    @Test
    void aStandbyThatPromotesItselfIsFound() {
        assertFoundBehindTheShell(
                Meddling.replacing(
                        action ->
                                action instanceof PostgresAction.Follow
                                        ? new PostgresAction.Promote()
                                        : action),
                "I2");
    }

    @Test
    void aFormerPrimaryThatStartsAsPrimaryIsFound() {
        assertFoundBehindTheShell(
                Meddling.replacing(
                        action ->
                                action instanceof PostgresAction.StartStandby start
                                        ? new PostgresAction.StartPrimary(start.timeout())
                                        : action),
                "I3");
    }

    @Test
    void aMemberThatWipesInsteadOfRewindingIsFound() {
        assertFoundBehindTheShell(
                Meddling.replacing(
                        action ->
                                action instanceof PostgresAction.Rewind rewind
                                        ? new PostgresAction.Reinitialize(
                                                rewind.leader(),
                                                true,
                                                Script.upstream(rewind.leader().name()),
                                                "wiping")
                                        : action),
                "I13");
    }

    /** Runs seeds until one of them meets the bug; it must be the right check that finds it. */
    private static void assertFoundBehindTheShell(Cluster.Wrapping bug, String invariant) {
        Quiet.engine();
        for (long seed = 1; seed <= 60; seed++) {
            Simulation.Result result = new Simulation(seed, 40, RealMember.FACTORY, bug).run();
            if (result.violation().isPresent()) {
                assertThat(result.violation().get().invariant()).isEqualTo(invariant);
                return;
            }
        }
        throw new AssertionError("no seed met the planted bug");
    }

    private void release(String name) {
        Lease any = new Lease(name, 0, 0, new io.matriarch.spi.Version("0"));
        script.ask(
                name,
                (dcs, d) -> {
                    Lease mine =
                            dcs.renew(
                                            dcs.read(StoreService.SCOPE, d),
                                            io.matriarch.spi.LeaderUpdate.NONE,
                                            d)
                                    .applied()
                                    .orElse(any);
                    return dcs.release(mine, Optional.empty(), d);
                });
    }

    private void write(String name, EntryKind kind, Optional<String> text, Guard guard) {
        script.ask(name, (dcs, d) -> dcs.write(kind, text.map(Value::of), guard, d));
    }

    private static PostgresAction stop() {
        return new PostgresAction.Stop(StopMode.FAST, false, Optional.empty(), "stop");
    }
}
