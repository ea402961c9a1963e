package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stands in the store, byte for byte, and members of both kinds in one cluster. */
@Tag("real")
class ZooKeeperWireTest {
    private static final String LEADER = "/service/batman/leader";
    private static final String MEMBER =
            "{\"conn_url\":\"postgres://10.0.0.11:5432/postgres\",\"api_url\":"
                    + "\"http://10.0.0.11:8008/patroni\",\"state\":\"running\","
                    + "\"role\":\"primary\",\"version\":\"4.1.4\",\"timeline\":3}";

    private static Ensemble ensemble;

    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();
    private final Operator operator = Operator.at(ensemble.hosts());
    private final Dcs a = Opened.member(ensemble.hosts(), "a", hints::add);

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(1);
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @AfterEach
    void clean() {
        a.purge(Opening.within(5));
        a.close();
    }

    private static Lease acquired(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        return dcs.acquire(seen, Opening.within(5)).applied().orElseThrow();
    }

    private static Lease renewed(Dcs dcs) {
        return dcs.renew(Snapshot.empty(0), LeaderUpdate.NONE, Opening.within(5))
                .applied()
                .orElseThrow();
    }

    private Version put(EntryKind kind, String text, Guard guard) {
        return a.write(kind, Optional.of(Value.of(text)), guard, Opening.within(5))
                .applied()
                .orElseThrow();
    }

    private String session() {
        return a.read(Opening.SCOPE, Opening.within(5))
                .entry(EntryKind.LEADER)
                .orElseThrow()
                .session()
                .orElseThrow();
    }

    @Test
    void everyKeyAndValueIsThatOfThePeer() throws Exception {
        acquired(a);
        a.touch(Opening.replica("a", MEMBER), Opening.within(5));
        put(EntryKind.INITIALIZE, "7363476367235262331", Guard.absent());
        put(EntryKind.CONFIG, "{\"ttl\":30,\"loop_wait\":10}", Guard.absent());
        put(EntryKind.SYNC, "{\"leader\":\"a\",\"quorum\":0,\"sync_standby\":null}", Guard.any());
        put(EntryKind.FAILOVER, "{\"leader\":\"a\",\"member\":\"b\"}", Guard.any());
        put(EntryKind.HISTORY, "[[1,25,\"no recovery target specified\"]]", Guard.any());
        LeaderUpdate update =
                new LeaderUpdate(
                        Optional.of(Value.of("{\"optime\":67110224}")),
                        Optional.of(Value.of("{\"a\":\"http://10.0.0.11:8008/patroni\"}")));
        assertThat(a.renew(Snapshot.empty(0), update, Opening.within(5)).isApplied()).isTrue();
        try (Peer peer = new Peer(ensemble.hosts())) {
            assertThat(peer.tree("/service", session()))
                    .isEqualTo(
                            List.of(
                                    "/service - ",
                                    "/service/batman - ",
                                    "/service/batman/config - {\"ttl\":30,\"loop_wait\":10}",
                                    "/service/batman/failover - {\"leader\":\"a\",\"member\":\"b\"}",
                                    "/service/batman/failsafe -"
                                            + " {\"a\":\"http://10.0.0.11:8008/patroni\"}",
                                    "/service/batman/history -"
                                            + " [[1,25,\"no recovery target specified\"]]",
                                    "/service/batman/initialize - 7363476367235262331",
                                    "/service/batman/leader me a",
                                    "/service/batman/members - ",
                                    "/service/batman/members/a me " + MEMBER,
                                    "/service/batman/status - {\"optime\":67110224}",
                                    "/service/batman/sync -"
                                            + " {\"leader\":\"a\",\"quorum\":0,\"sync_standby\":null}"));
        }
    }

    @Test
    void aMemberOfTheOtherKindLeadsAndIsFollowed() throws Exception {
        try (Peer peer = new Peer(ensemble.hosts())) {
            peer.createEphemeral(LEADER, "b");
            peer.createEphemeral("/service/batman/members/b", MEMBER);
            Snapshot seen = a.read(Opening.SCOPE, Opening.within(5));
            assertThat(seen.leader()).contains("b");
            assertThat(seen.members().get("b").text()).isEqualTo(MEMBER);
            assertThat(a.acquire(seen, Opening.within(5)).isApplied()).isFalse();
            assertThat(a.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied()).isFalse();
        }
        // Its process ended, and its session with it.
        assertThat(acquired(a).member()).isEqualTo("a");
        try (Peer peer = new Peer(ensemble.hosts())) {
            assertThatThrownBy(() -> peer.createEphemeral(LEADER, "b"))
                    .isInstanceOf(KeeperException.NodeExistsException.class);
        }
    }

    /** The daemon of a member is exchanged for one of this kind while its old session lives. */
    @Test
    void theKeysOfThePeerAreTakenOverByTheMemberOfThatName() throws Exception {
        try (Peer peer = new Peer(ensemble.hosts())) {
            peer.createEphemeral(LEADER, "a");
            peer.createEphemeral("/service/batman/members/a", "{}");
            renewed(a);
            a.touch(Opening.replica("a", MEMBER), Opening.within(5));
            assertThat(operator.stat(LEADER).getEphemeralOwner())
                    .isNotEqualTo(peer.session())
                    .isEqualTo(Long.parseUnsignedLong(session(), 16));
            assertThat(operator.stat("/service/batman/members/a").getEphemeralOwner())
                    .isEqualTo(Long.parseUnsignedLong(session(), 16));
        }
        assertThat(operator.get(LEADER)).contains("a");
        assertThat(operator.get("/service/batman/members/a")).contains(MEMBER);
    }

    /** And back again. */
    @Test
    void thePeerTakesOurKeysOver() throws Exception {
        Lease lease;
        try (Dcs exchanged = Opened.member(ensemble.hosts(), "a", hint -> {})) {
            lease = acquired(exchanged);
            exchanged.touch(Opening.replica("a", MEMBER), Opening.within(5));
        }
        try (Peer peer = new Peer(ensemble.hosts());
                Dcs b = Opened.member(ensemble.hosts(), "b", hint -> {})) {
            peer.replaceEphemeral(LEADER, "a");
            peer.replaceEphemeral("/service/batman/members/a", "{}");
            Snapshot seen = b.read(Opening.SCOPE, Opening.within(5));
            assertThat(seen.leader()).contains("a");
            assertThat(b.acquire(seen, Opening.within(5)).isApplied()).isFalse();
            b.purge(Opening.within(5));
            assertThat(acquired(b).epoch()).isGreaterThan(lease.epoch());
            b.purge(Opening.within(5));
        }
    }

    @Test
    void whatThePeerWritesChangesTheVersion() throws Exception {
        Version first = put(EntryKind.SYNC, "{\"leader\":\"a\"}", Guard.absent());
        try (Peer peer = new Peer(ensemble.hosts())) {
            peer.set("/service/batman/sync", "{}");
        }
        Outcome<Version> late =
                a.write(
                        EntryKind.SYNC,
                        Optional.of(Value.of("late")),
                        Guard.version(first),
                        Opening.within(5));
        assertThat(((Outcome.Refused<Version>) late).reason())
                .isEqualTo(Outcome.Refusal.VERSION_CHANGED);
        Snapshot seen = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(seen.entry(EntryKind.SYNC).orElseThrow().text()).isEqualTo("{}");
    }

    /** ZooKeeper counts writes from zero again, and the peer takes zero for "any". */
    @Test
    void anEntryThatWasCreatedAnewIsAnotherOne() {
        Version first = put(EntryKind.FAILOVER, "1", Guard.absent());
        operator.delete("/service/batman/failover");
        operator.put("/service/batman/failover", "2");
        Outcome<Version> outcome =
                a.write(
                        EntryKind.FAILOVER,
                        Optional.of(Value.of("3")),
                        Guard.version(first),
                        Opening.within(5));
        assertThat(((Outcome.Refused<Version>) outcome).reason())
                .isEqualTo(Outcome.Refusal.VERSION_CHANGED);
        assertThat(operator.get("/service/batman/failover")).contains("2");
    }

    @Test
    void renewCreatesTheRecordAgain() {
        Lease lease = acquired(a);
        operator.delete(LEADER);
        assertThat(renewed(a).epoch()).isGreaterThan(lease.epoch());
        assertThat(operator.get(LEADER)).contains("a");
    }

    @Test
    void anotherTtlMovesBothRecordsWithoutAGap() {
        Lease before = acquired(a);
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        String session = session();
        a.reconfigure(
                new DcsSettings(
                        Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(2)));
        long sent = Opening.TICKER.nanos();
        Lease after = renewed(a);
        assertThat(after.epoch()).isEqualTo(before.epoch());
        assertThat(after.validUntil() - sent).isGreaterThan(TimeUnit.SECONDS.toNanos(6));
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        Snapshot read = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(session()).isNotEqualTo(session);
        assertThat(read.members().get("a").session()).contains(session());
        assertThat(a.traits().effectiveTtl()).isEqualTo(Duration.ofSeconds(9));
    }

    /** The servers grant at most 60 s here, as an operator may have set. */
    @Test
    void aSessionThatTheServersCutShortIsTold() {
        a.reconfigure(
                new DcsSettings(
                        Duration.ofSeconds(90), Duration.ofSeconds(2), Duration.ofSeconds(2)));
        Lease lease = acquired(a);
        // It was sent before now, though after the read that precedes it.
        long known = Opening.TICKER.nanos();
        assertThat(a.traits().effectiveTtl()).isEqualTo(Duration.ofSeconds(60));
        assertThat(a.traits().note()).contains("60000 ms", "maxSessionTimeout");
        assertThat(lease.validUntil() - known).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(60));
    }

    @Test
    void changesByThePeerReachTheListener() throws Exception {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of());
        a.read(Opening.SCOPE, Opening.within(5));
        try (Peer peer = new Peer(ensemble.hosts())) {
            peer.createEphemeral(LEADER, "b");
            assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
            peer.createEphemeral("/service/batman/members/b", "{}");
            assertThat(hints.poll(300, TimeUnit.MILLISECONDS)).isNull();
        }
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
    }
}
