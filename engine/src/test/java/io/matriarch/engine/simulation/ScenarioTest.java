package io.matriarch.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.port.MemberControl.Reply;
import io.matriarch.engine.port.MemberControl.RestartOrder;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Named scenarios in virtual time. All checks watch each of them. */
class ScenarioTest {
    private static final Timing TIMING = new Timing(30, 10, 10, 300);

    private final Stage stage = new Stage(5, TIMING);
    private final Node old = stage.leader();

    @Test
    void aLeaderCutOffFromTheStoreStopsBeforeItsLeaseCanPassOn() {
        old.storeLink().cutRequests();
        long cut = stage.world().nanos();
        stage.await(
                Duration.ofSeconds(30),
                "the end of writes on " + old.name(),
                () -> !old.server().takesWrites());
        long stopped = stage.world().nanos();
        stage.awaitOtherLeader(old, Duration.ofSeconds(40));

        assertThat(seconds(stopped - cut)).as("seconds until it stopped").isLessThan(30);
        old.storeLink().mend();
        old.storeReconnected();
        stage.awaitStandby(old, Duration.ofSeconds(60));
    }

    @Test
    void aCrashedPrimaryComesBackOnItsTimeline() {
        old.server().crash();
        Duration outage =
                stage.await(
                        Duration.ofSeconds(20),
                        "a primary",
                        () -> stage.cluster().servingPrimary().isPresent());

        assertThat(stage.leader()).isSameAs(old);
        assertThat(old.server().timeline().number()).isEqualTo(1);
        assertThat(outage).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aCrashedPrimaryHandsOverIfTheOperatorPrefersIt() {
        Stage eager = new Stage(6, new Timing(30, 10, 10, 0));
        Node crashed = eager.leader();
        crashed.server().crash();
        Duration outage = eager.awaitOtherLeader(crashed, Duration.ofSeconds(15));

        assertThat(outage).isLessThan(Duration.ofSeconds(5));
        eager.awaitStandby(crashed, Duration.ofSeconds(60));
    }

    @Test
    void aSwitchoverLosesNothingAndIsShort() {
        Node candidate = stage.standby();
        stage.cluster().nodes().forEach(Node::ordered);
        stage.cluster()
                .store()
                .put(
                        EntryKind.FAILOVER,
                        "{\"leader\":\""
                                + old.name()
                                + "\",\"member\":\""
                                + candidate.name()
                                + "\"}");
        stage.await(Duration.ofSeconds(15), "the stop", () -> !old.server().takesWrites());
        Duration outage = stage.awaitOtherLeader(old, Duration.ofSeconds(15));
        long handedOver = old.server().checkpoint();

        assertThat(stage.leader()).isSameAs(candidate);
        assertThat(candidate.server().timeline().begins()).isGreaterThanOrEqualTo(handedOver);
        assertThat(outage).isLessThan(Duration.ofSeconds(5));
        stage.awaitStandby(old, Duration.ofSeconds(30));
        assertThat(stage.cluster().store().text(EntryKind.FAILOVER).orElse("{}")).isEqualTo("{}");
    }

    @Test
    void aFrozenDaemonsPrimaryIsFencedWhenItThaws() {
        old.freezeDaemon();
        stage.awaitOtherLeader(old, Duration.ofSeconds(50));
        stage.pass(5);
        old.thawDaemon();
        stage.await(Duration.ofSeconds(1), "the fence", () -> !old.server().takesWrites());

        // What a daemon alone cannot prevent, and why a guardian stands beside it.
        assertThat(stage.helplessOverlap()).isPositive();
        stage.awaitStandby(old, Duration.ofSeconds(90));
    }

    @Test
    void anOutageOfTheStoreStopsThePrimaryAndTheSameOneReturns() {
        stage.cluster().store().set(StoreService.State.FROZEN);
        stage.await(Duration.ofSeconds(30), "the end of writes", () -> !old.server().takesWrites());
        stage.pass(30);
        assertThat(stage.cluster().fleet().writers()).isZero();

        stage.cluster().store().set(StoreService.State.HEALTHY);
        stage.await(
                Duration.ofSeconds(60),
                "a primary",
                () -> stage.cluster().servingPrimary().isPresent());
    }

    @Test
    void aShortOutageOfTheStoreIsNotNoticedByClients() {
        stage.cluster().store().set(StoreService.State.STOPPED);
        stage.pass(8);
        stage.cluster().store().set(StoreService.State.HEALTHY);
        stage.pass(20);

        assertThat(stage.leader()).isSameAs(old);
        assertThat(old.server().timeline().number()).isEqualTo(1);
    }

    @Test
    void aLostMachineIsReplacedWhenItsLeaseEnds() {
        old.killDaemon();
        old.server().crash();
        Duration outage = stage.awaitOtherLeader(old, Duration.ofSeconds(40));

        assertThat(outage).isLessThan(Duration.ofSeconds(35));
        old.startDaemon();
        stage.awaitStandby(old, Duration.ofSeconds(60));
    }

    @Test
    void aDaemonThatEndsHandsItsLeaseOver() {
        old.ordered();
        old.shutDownDaemon();
        Duration outage = stage.awaitOtherLeader(old, Duration.ofSeconds(15));

        assertThat(outage).isLessThan(Duration.ofSeconds(8));
        stage.await(Duration.ofSeconds(10), "its end", () -> old.lane().isEmpty());
        assertThat(old.server().isAlive()).isFalse();
    }

    /** A position that a standby knows of itself may be a loop old: no reason to stand back. */
    @Test
    void aRaceUnderWritesCostsNoNap() {
        List<Duration> outages = new ArrayList<>();
        for (long seed = 100; seed < 120; seed++) {
            Stage busy = new Stage(seed, TIMING);
            Node leaving = busy.leader();
            leaving.ordered();
            leaving.shutDownDaemon();
            busy.await(
                    Duration.ofSeconds(15),
                    "a free lease",
                    () -> busy.cluster().store().text(EntryKind.LEADER).isEmpty());
            outages.add(
                    busy.await(
                            Duration.ofSeconds(5),
                            "a new lease",
                            () -> busy.cluster().store().text(EntryKind.LEADER).isPresent()));
        }
        Collections.sort(outages);
        assertThat(outages.get(outages.size() / 2)).isLessThan(Duration.ofMillis(250));
    }

    @Test
    void inPauseNobodyReplacesAPrimary() {
        stage.cluster().store().put(EntryKind.CONFIG, TIMING.json(true));
        stage.pass(15);
        old.server().crash();
        stage.pass(60);

        assertThat(stage.cluster().fleet().writers()).isZero();
        stage.cluster().store().put(EntryKind.CONFIG, TIMING.json(false));
        stage.await(
                Duration.ofSeconds(30),
                "a primary",
                () -> stage.cluster().servingPrimary().isPresent());
    }

    @Test
    void anOperatorRestartsThePrimaryInPlace() {
        old.ordered();
        CompletableFuture<Reply> reply =
                old.control()
                        .orElseThrow()
                        .restart(RestartOrder.UNCONDITIONAL, Optional.empty())
                        .toCompletableFuture();
        stage.await(Duration.ofSeconds(20), "the reply", reply::isDone);

        assertThat(reply.join().status()).isEqualTo(200);
        assertThat(stage.leader()).isSameAs(old);
        assertThat(old.server().timeline().number()).isEqualTo(1);
    }

    @Test
    void aRestartOfAStoppedFormerPrimaryBringsUpAStandby() {
        old.storeLink().cutRequests();
        stage.awaitOtherLeader(old, Duration.ofSeconds(60));
        old.storeLink().mend();
        old.ordered();
        old.control().orElseThrow().restart(RestartOrder.UNCONDITIONAL, Optional.empty());
        old.storeReconnected();
        stage.awaitStandby(old, Duration.ofSeconds(60));
    }

    @Test
    void aMemberIsReinitialised() {
        Node standby = stage.standby();
        standby.reinitializeOrdered();
        CompletableFuture<Reply> reply =
                standby.control().orElseThrow().reinitialize(false, true).toCompletableFuture();
        stage.await(
                Duration.ofSeconds(10), "an empty directory", () -> !standby.server().hasData());
        stage.awaitStandby(standby, Duration.ofSeconds(30));

        assertThat(reply.join().status()).isEqualTo(200);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
