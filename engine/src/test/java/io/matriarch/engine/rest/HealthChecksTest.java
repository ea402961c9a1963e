package io.matriarch.engine.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthChecksTest {
    /** The healthy clusters of the reference, a column for each kind of member. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
    # path                    | leader | replica | sync leader, sync, async | quorum leader, member | standby leader, other
    /                         | 200    | 503     | 200/503/503 | 200/503 | 503/503
    /primary                  | 200    | 503     | 200/503/503 | 200/503 | 503/503
    /read-write               | 200    | 503     | 200/503/503 | 200/503 | 503/503
    /master                   | 200    | 503     | 200/503/503 | 200/503 | 503/503
    /leader                   | 200    | 503     | 200/503/503 | 200/503 | 200/503
    /standby-leader           | 503    | 503     | 503/503/503 | 503/503 | 200/503
    /standby_leader           | 503    | 503     | 503/503/503 | 503/503 | 200/503
    /replica                  | 503    | 200     | 503/200/200 | 503/200 | 503/200
    /read-only                | 200    | 200     | 200/200/200 | 200/200 | 200/200
    /sync                     | 503    | 503     | 503/200/503 | 503/503 | 503/503
    /synchronous              | 503    | 503     | 503/200/503 | 503/503 | 503/503
    /async                    | 503    | 200     | 503/503/200 | 503/503 | 503/200
    /asynchronous             | 503    | 200     | 503/503/200 | 503/503 | 503/200
    /quorum                   | 503    | 503     | 503/503/503 | 503/200 | 503/503
    /read-only-sync           | 200    | 503     | 200/200/503 | 200/503 | 200/503
    /read-only-synchronous    | 200    | 503     | 200/200/503 | 200/503 | 200/503
    /read-only-quorum         | 200    | 503     | 200/503/503 | 200/200 | 200/503
    /health                   | 200    | 200     | 200/200/200 | 200/200 | 200/200
    # substrings, and what only looks like a path
    /foo/leader               | 200    | 503     | 200/503/503 | 200/503 | 200/503
    /xprimaryx                | 200    | 503     | 200/503/503 | 200/503 | 503/503
    /replica/                 | 503    | 200     | 503/200/200 | 503/200 | 503/200
    /async/                   | 503    | 503     | 503/503/503 | 503/503 | 503/503
    /Replica                  | 503    | 503     | 503/503/503 | 503/503 | 503/503
    /read-only-async          | 503    | 503     | 503/503/503 | 503/503 | 503/503
    /nonsense                 | 503    | 503     | 503/503/503 | 503/503 | 503/503
    """)
    void answersLikeTheMatrix(
            String path, int leader, int replica, String sync, String quorum, String standby) {
        assertThat(Situation.primary().code(path)).as("leader").isEqualTo(leader);
        assertThat(Situation.replica().code(path)).as("replica").isEqualTo(replica);
        assertThat(
                        synchronous(Situation.primary(), "pg2").code(path)
                                + "/"
                                + synchronous(Situation.replica(), "pg2").code(path)
                                + "/"
                                + synchronous(Situation.replica(), "pg3").code(path))
                .as("synchronous")
                .isEqualTo(sync);
        assertThat(
                        quorum(Situation.primary()).code(path)
                                + "/"
                                + quorum(Situation.replica()).code(path))
                .as("quorum")
                .isEqualTo(quorum);
        assertThat(standbyLeader().code(path) + "/" + standbyReplica().code(path))
                .as("standby cluster")
                .isEqualTo(standby);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/replica?lag=100, 200",
        "/replica?lag=99, 503",
        "/replica?lag=1kB, 200",
        "/replica?lag=10mb, 200",
        "/replica?lag=, 200",
        "/replica?lag=0x10, 503",
        "/read-only?lag=99, 503",
        "/async?lag=99, 503",
        "/replica?replication_state=streaming, 200",
        "/replica?replication_state=in%20archive%20recovery, 503",
        "/replica?replication_state=in+archive+recovery, 503",
        "/replica?tag_zone=a, 200",
        "/replica?tag_zone=b, 503",
        "/replica?tag_clonefrom=true, 200",
        "/replica?tag_clonefrom=True, 503",
        "/replica?tag_num=1.4, 200",
        "/replica?tag_noloadbalance=false, 503",
        "/replica?tag_zone=a&tag_num=2, 503",
        "/replica?clonefrom=false, 200",
        "/health?tag_zone=b, 503",
        "/async?tag_zone=b, 503"
    })
    void readsParameters(String target, int code) {
        Situation situation = Situation.replica();
        situation.replayed = 900;
        situation.tags = Map.of("zone", "a", "clonefrom", true, "num", 1.4);
        assertThat(situation.code(target)).isEqualTo(code);
    }

    @Test
    void ignoresTagsOnPathsOfTheLease() {
        assertThat(Situation.primary().code("/primary?tag_zone=b")).isEqualTo(200);
        assertThat(Situation.primary().code("/leader?tag_zone=b")).isEqualTo(200);
        assertThat(Situation.primary().code("/read-only?tag_zone=b")).isEqualTo(503);
    }

    @Test
    void theUpstreamsOwnPositionCountsForLagToo() {
        Situation situation = Situation.replica();
        situation.latestEnd = 5000;
        assertThat(situation.code("/replica?lag=3999")).isEqualTo(503);
        assertThat(situation.code("/replica?lag=4000")).isEqualTo(200);
        situation.entries.remove(EntryKind.STATUS);
        situation.latestEnd = 0;
        assertThat(situation.code("/replica?lag=1")).isEqualTo(200);
    }

    @Test
    void noloadbalanceTakesAMemberOutOfReplicaChecksOnly() {
        Situation situation = Situation.replica();
        situation.tags = Map.of("noloadbalance", true);
        assertThat(situation.code("/replica")).isEqualTo(503);
        assertThat(situation.code("/async")).isEqualTo(503);
        assertThat(situation.code("/health")).isEqualTo(200);
        Situation primary = Situation.primary();
        primary.tags = Map.of("noloadbalance", true);
        assertThat(primary.code("/read-only")).isEqualTo(200);
    }

    @Test
    void withoutAViewOnlyTheExactFamilyIsClosed() {
        Situation replica = Situation.replica();
        replica.view = false;
        assertThat(replica.code("/async")).isEqualTo(503);
        assertThat(replica.code("/replica")).isEqualTo(200);
        assertThat(replica.code("/read-only")).isEqualTo(200);
        Situation primary = Situation.primary();
        primary.view = false;
        assertThat(primary.code("/primary")).isEqualTo(200);
        primary.holdsLease = false;
        assertThat(primary.code("/primary")).isEqualTo(503);
    }

    @Test
    void inPauseWithoutAViewTheRoleDecides() {
        Situation primary = Situation.primary();
        primary.view = false;
        primary.pause = true;
        primary.holdsLease = false;
        assertThat(primary.code("/primary")).isEqualTo(200);
        assertThat(primary.code("/leader")).isEqualTo(200);
        Situation replica = Situation.replica();
        replica.view = false;
        replica.pause = true;
        assertThat(replica.code("/leader")).isEqualTo(503);
        assertThat(replica.code("/replica")).isEqualTo(200);
    }

    @Test
    void theLeaseDecidesOnPrimaryEvenWhenPostgresIsDown() {
        Situation situation = Situation.primary();
        situation.state = MemberState.START_FAILED;
        assertThat(situation.code("/primary")).isEqualTo(200);
        assertThat(situation.code("/health")).isEqualTo(503);
        situation.state = MemberState.RUNNING;
        situation.answers = false;
        assertThat(situation.code("/health")).isEqualTo(503);
    }

    @Test
    void livenessFollowsTheLoop() {
        long second = Duration.ofSeconds(1).toNanos();
        Situation replica = Situation.replica();
        replica.nextRun = 10 * second;
        assertThat(HealthChecks.liveness(replica.report(), 69 * second)).isEqualTo(200);
        assertThat(HealthChecks.liveness(replica.report(), 70 * second)).isEqualTo(503);
        Situation primary = Situation.primary();
        primary.nextRun = 10 * second;
        assertThat(HealthChecks.liveness(primary.report(), 39 * second)).isEqualTo(200);
        assertThat(HealthChecks.liveness(primary.report(), 40 * second)).isEqualTo(503);
        primary.pause = true;
        assertThat(HealthChecks.liveness(primary.report(), 900 * second)).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0} behind by {1}, received {2}: {3}")
    @CsvSource({
        "/readiness, 1000, 0, 200",
        "/readiness, 1048577, 0, 503",
        "/readiness?lag=999, 1000, 0, 503",
        "/readiness?lag=x, 1000, 0, 200",
        "/readiness?lag=999&mode=write, 1000, 0, 200",
        "/readiness?lag=999&mode=apply, 1000, 0, 503"
    })
    void readinessComparesTheLag(String target, long replayBehind, long receiveBehind, int code) {
        Situation situation = Situation.replica();
        situation.latestEnd = 2_000_000;
        situation.replayed = 2_000_000 - replayBehind;
        situation.received = 2_000_000 - receiveBehind;
        assertThat(HealthChecks.readiness(RequestTarget.parse(target), situation.report()))
                .isEqualTo(code);
    }

    @Test
    void readinessNeedsAStreamOrTheLease() {
        RequestTarget target = RequestTarget.parse("/readiness");
        assertThat(HealthChecks.readiness(target, Situation.primary().report())).isEqualTo(200);
        Situation replica = Situation.replica();
        replica.streaming = false;
        replica.archive = true;
        assertThat(HealthChecks.readiness(target, replica.report())).isEqualTo(503);
        replica.streaming = true;
        replica.view = false;
        assertThat(HealthChecks.readiness(target, replica.report())).isEqualTo(503);
        replica.latestEnd = 1000;
        assertThat(HealthChecks.readiness(target, replica.report())).isEqualTo(200);
        replica.state = MemberState.STARTING;
        assertThat(HealthChecks.readiness(target, replica.report())).isEqualTo(503);
    }

    @Test
    void onlyChecksOfTheLeaseNeedNoAnswerOfPostgres() {
        assertThat(HealthChecks.asksPostgres(RequestTarget.parse("/primary"))).isFalse();
        assertThat(HealthChecks.asksPostgres(RequestTarget.parse("/"))).isFalse();
        assertThat(HealthChecks.asksPostgres(RequestTarget.parse("/leader"))).isFalse();
        assertThat(HealthChecks.asksPostgres(RequestTarget.parse("/replica?lag=1"))).isTrue();
        assertThat(HealthChecks.asksPostgres(RequestTarget.parse("/standby-leader"))).isTrue();
    }

    private static Situation synchronous(Situation situation, String name) {
        situation.mode = SynchronousMode.ON;
        situation.entries.put(
                EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\",\"quorum\":0}");
        if (!situation.holdsLease) {
            situation.name = name;
        }
        return situation;
    }

    private static Situation quorum(Situation situation) {
        situation.mode = SynchronousMode.QUORUM;
        situation.entries.put(
                EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"pg2,pg3\",\"quorum\":1}");
        return situation;
    }

    private static Situation standbyLeader() {
        Situation situation = Situation.primary();
        situation.role = Role.STANDBY_LEADER;
        situation.standbyCluster = true;
        return situation;
    }

    private static Situation standbyReplica() {
        Situation situation = Situation.replica();
        situation.standbyCluster = true;
        return situation;
    }
}
