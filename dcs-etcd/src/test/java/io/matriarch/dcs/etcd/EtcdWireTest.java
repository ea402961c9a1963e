package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stands in the store, seen by etcdctl, and the operations on one healthy server. */
@Tag("real")
class EtcdWireTest {
    private static EtcdCluster etcd;

    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();
    private final Dcs a = Opened.member(etcd.hosts(), "a", hints::add);
    private final Dcs b = Opened.member(etcd.hosts(), "b", hint -> {});

    @BeforeAll
    static void start() {
        etcd = EtcdCluster.start(1);
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @AfterEach
    void clean() {
        a.purge(Opening.within(5));
        a.close();
        b.close();
    }

    private Lease acquired(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        return dcs.acquire(seen, Opening.within(5)).applied().orElseThrow();
    }

    private String value(String key) {
        return etcd.ctl("get", "--print-value-only", "/service/batman/" + key);
    }

    private static LeaderUpdate status(String text) {
        return new LeaderUpdate(Optional.of(Value.of(text)), Optional.empty());
    }

    @Test
    void keysAndValuesAreThoseOfThePeer() {
        acquired(a);
        a.touch(Opening.replica("a", "{\"role\":\"primary\"}"), Opening.within(5));
        a.renew(Snapshot.empty(0), status("{\"optime\":7}"), Opening.within(5));
        a.write(
                EntryKind.INITIALIZE,
                Optional.of(Value.of("7")),
                Guard.absent(),
                Opening.within(5));
        assertThat(value("leader")).isEqualTo("a\n");
        assertThat(value("members/a")).isEqualTo("{\"role\":\"primary\"}\n");
        assertThat(value("status")).isEqualTo("{\"optime\":7}\n");
        assertThat(value("initialize")).isEqualTo("7\n");
        Snapshot read = b.read(Opening.SCOPE, Opening.within(5));
        assertThat(read.leader()).contains("a");
        assertThat(read.entry(EntryKind.LEADER).orElseThrow().session())
                .isEqualTo(read.members().get("a").session())
                .isPresent();
        assertThat(read.entry(EntryKind.STATUS).orElseThrow().session()).isEmpty();
    }

    @Test
    void oneHoldsTheLeaseAndTheOtherIsRefused() {
        Lease lease = acquired(a);
        assertThat(lease.member()).isEqualTo("a");
        Snapshot seen = b.read(Opening.SCOPE, Opening.within(5));
        assertThat(b.acquire(seen, Opening.within(5)).isApplied()).isFalse();
        assertThat(b.renew(seen, status("x"), Opening.within(5)).isApplied()).isFalse();
        assertThat(b.release(lease, Optional.empty(), Opening.within(5)).isApplied()).isFalse();
        assertThat(value("status")).isEmpty();
        Lease renewed = a.renew(seen, LeaderUpdate.NONE, Opening.within(5)).applied().orElseThrow();
        assertThat(renewed.epoch()).isEqualTo(lease.epoch());
        assertThat(renewed.validUntil()).isGreaterThan(lease.validUntil());
        assertThat(a.release(renewed, Optional.of(Value.of("last")), Opening.within(5)).isApplied())
                .isTrue();
        assertThat(a.release(renewed, Optional.empty(), Opening.within(5)).isApplied()).isTrue();
        assertThat(value("status")).isEqualTo("last\n");
        assertThat(acquired(b).epoch()).isGreaterThan(lease.epoch());
    }

    @Test
    void renewTakesTheRecordOfAnEarlierProcessOver() {
        Lease first = acquired(a);
        try (Dcs again = Opened.member(etcd.hosts(), "a", hint -> {})) {
            Snapshot seen = again.read(Opening.SCOPE, Opening.within(5));
            Lease taken =
                    again.renew(seen, LeaderUpdate.NONE, Opening.within(5)).applied().orElseThrow();
            assertThat(taken.epoch()).isGreaterThan(first.epoch());
            Snapshot after = again.read(Opening.SCOPE, Opening.within(5));
            assertThat(after.entry(EntryKind.LEADER).orElseThrow().session())
                    .isNotEqualTo(seen.entry(EntryKind.LEADER).orElseThrow().session());
        }
    }

    @Test
    void renewCreatesTheRecordAgain() {
        Lease lease = acquired(a);
        etcd.ctl("del", "/service/batman/leader");
        Outcome<Lease> renewed = a.renew(Snapshot.empty(0), status("s"), Opening.within(5));
        assertThat(renewed.applied().orElseThrow().epoch()).isGreaterThan(lease.epoch());
        assertThat(value("leader")).isEqualTo("a\n");
        assertThat(value("status")).isEqualTo("s\n");
    }

    @Test
    void aLostLeaseIsReplacedForBothRecords() {
        acquired(a);
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        String lease =
                a.read(Opening.SCOPE, Opening.within(5)).members().get("a").session().orElseThrow();
        etcd.ctl("lease", "revoke", lease);
        assertThat(value("members/a")).isEmpty();
        a.renew(Snapshot.empty(0), LeaderUpdate.NONE, Opening.within(5)).applied().orElseThrow();
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        Snapshot after = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(after.members().get("a").session())
                .isPresent()
                .isNotEqualTo(Optional.of(lease))
                .isEqualTo(after.entry(EntryKind.LEADER).orElseThrow().session());
    }

    @Test
    void anotherTtlMovesBothRecords() {
        Lease before = acquired(a);
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        a.reconfigure(
                new io.matriarch.spi.DcsSettings(
                        Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(2)));
        long sent = Opening.TICKER.nanos();
        Lease after =
                a.renew(Snapshot.empty(0), LeaderUpdate.NONE, Opening.within(5))
                        .applied()
                        .orElseThrow();
        assertThat(after.epoch()).isEqualTo(before.epoch());
        assertThat(after.validUntil() - sent).isGreaterThan(TimeUnit.SECONDS.toNanos(8));
        Snapshot read = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(read.members().get("a").session())
                .isEqualTo(read.entry(EntryKind.LEADER).orElseThrow().session());
        assertThat(a.traits().effectiveTtl()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void guardsHold() {
        Version first = written("1", Guard.absent());
        assertThat(refusal("2", Guard.absent())).isEqualTo(Outcome.Refusal.EXISTS);
        Version second = written("2", Guard.version(first));
        assertThat(refusal("3", Guard.version(first))).isEqualTo(Outcome.Refusal.VERSION_CHANGED);
        Version third = written("", Guard.any());
        assertThat(third).isNotEqualTo(second);
        assertThat(refusal("4", Guard.absent())).isEqualTo(Outcome.Refusal.EXISTS);
        a.write(EntryKind.SYNC, Optional.empty(), Guard.version(third), Opening.within(5));
        assertThat(refusal("5", Guard.version(third))).isEqualTo(Outcome.Refusal.MISSING);
        assertThat(a.read(Opening.SCOPE, Opening.within(5)).entry(EntryKind.SYNC)).isEmpty();
    }

    private Version written(String text, Guard guard) {
        return a.write(EntryKind.SYNC, Optional.of(Value.of(text)), guard, Opening.within(5))
                .applied()
                .orElseThrow();
    }

    private Outcome.Refusal refusal(String text, Guard guard) {
        Outcome<Version> outcome =
                a.write(EntryKind.SYNC, Optional.of(Value.of(text)), guard, Opening.within(5));
        return ((Outcome.Refused<Version>) outcome).reason();
    }

    @Test
    void changesByOthersReachTheListenerAndOwnRenewalsDoNot() throws InterruptedException {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of());
        acquired(b);
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        b.renew(Snapshot.empty(0), status("9"), Opening.within(5));
        assertThat(hints.poll(500, TimeUnit.MILLISECONDS)).isNull();
        b.write(EntryKind.CONFIG, Optional.of(Value.of("{}")), Guard.any(), Opening.within(5));
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.CONFIG));
        etcd.ctl("del", "/service/batman/leader");
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
    }

    @Test
    void aReadOnlyClientLeavesNothingBehind() {
        String before = etcd.ctl("lease", "list");
        try (Dcs reader =
                Opened.open(
                        "etcd3",
                        Map.of("hosts", etcd.hosts()),
                        Optional.empty(),
                        Opening.settings(Duration.ofSeconds(6)),
                        hint -> {})) {
            reader.read(Opening.SCOPE, Opening.within(5));
            assertThatThrownBy(() -> reader.touch(Opening.replica("a", "{}"), Opening.within(5)))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(etcd.ctl("lease", "list")).isEqualTo(before);
    }
}
