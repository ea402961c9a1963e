package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What stands in the API server, seen past the backend, and what the peer leaves there. */
@Tag("real")
class KubernetesWireTest {
    private static final String STAMPS = "matriarch.io/";

    private static ApiCluster cluster;
    private static int tenants;

    private final Tenant tenant = new Tenant(cluster, "wire-" + tenants++, "rbac-configmaps");
    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();
    private final Dcs a = member("a", hints::add);
    private final Dcs b = member("b", hint -> {});

    @BeforeAll
    static void start() {
        cluster = ApiCluster.start();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private Dcs member(String name, io.matriarch.spi.DcsListener listener) {
        tenant.pod("batman", name);
        return Opened.open(
                tenant.surroundings(cluster.address(0), tenant.token()),
                Map.of("namespace", tenant.namespace()),
                Optional.of(name),
                listener);
    }

    private static Snapshot read(Dcs dcs) {
        return dcs.read(Opening.SCOPE, Opening.within(5));
    }

    private static Lease acquired(Dcs dcs) {
        return dcs.acquire(read(dcs), Opening.within(5)).applied().orElseThrow();
    }

    /** The annotations of an object, without our own. */
    private Map<String, String> annotations(String object) {
        Map<String, String> texts =
                new TreeMap<>(StoredObject.of(tenant.get(object)).annotations());
        texts.keySet().removeIf(name -> name.startsWith(STAMPS));
        return texts;
    }

    private static Outcome<Version> write(Dcs dcs, EntryKind kind, Value value) {
        return dcs.write(kind, Optional.of(value), Guard.any(), Opening.within(5));
    }

    private static Optional<String> text(Dcs dcs, EntryKind kind) {
        return read(dcs).entry(kind).map(Entry::text);
    }

    @Test
    void theLeaderObjectIsThatOfThePeer() {
        acquired(a);
        Value status =
                new Value(
                        "{\"optime\":67393608,\"slots\":{\"pg_1\":67393608},\"retain_slots\":[\"pg_1\",\"pg_2\"]}",
                        Map.of(
                                "optime", "67393608",
                                "slots", "{\"pg_1\":67393608}",
                                "retain_slots", "[\"pg_1\", \"pg_2\"]"));
        Value failsafe = Value.of("{\"a\":\"http://10.0.0.11:8008/patroni\"}");
        a.renew(
                read(a),
                new LeaderUpdate(Optional.of(status), Optional.of(failsafe)),
                Opening.within(5));
        Map<String, String> written = annotations("configmaps/batman-leader");
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00";
        assertThat(written.remove("acquireTime")).matches(time);
        assertThat(written.remove("renewTime")).matches(time);
        assertThat(written)
                .isEqualTo(
                        Map.of(
                                "leader", "a",
                                "ttl", "6",
                                "transitions", "0",
                                "optime", "67393608",
                                "slots", "{\"pg_1\":67393608}",
                                "retain_slots", "[\"pg_1\", \"pg_2\"]",
                                "failsafe", failsafe.text()));
        JsonNode object = tenant.get("configmaps/batman-leader");
        assertThat(StoredObject.of(object).labels())
                .isEqualTo(Map.of("application", "patroni", "cluster-name", "batman"));
        assertThat(object.has("data")).isFalse();
        assertThat(text(b, EntryKind.STATUS)).contains(status.text());
        assertThat(text(b, EntryKind.FAILSAFE)).contains(failsafe.text());
    }

    @Test
    void theOtherObjectsAreThoseOfThePeer() {
        write(a, EntryKind.INITIALIZE, Value.of("7654321098765432101"));
        write(a, EntryKind.CONFIG, Value.of("{\"ttl\":30}"));
        write(a, EntryKind.HISTORY, Value.of("[[1,2,\"x\"]]"));
        assertThat(annotations("configmaps/batman-config"))
                .isEqualTo(
                        Map.of(
                                "initialize", "7654321098765432101",
                                "config", "{\"ttl\":30}",
                                "history", "[[1,2,\"x\"]]"));
        Map<String, String> sync = Map.of("leader", "a", "quorum", "1", "sync_standby", "b,c");
        Value value = new Value("{\"leader\":\"a\",\"quorum\":1,\"sync_standby\":\"b,c\"}", sync);
        write(a, EntryKind.SYNC, value);
        assertThat(annotations("configmaps/batman-sync")).isEqualTo(sync);
        assertThat(text(b, EntryKind.SYNC)).contains(value.text());
        write(
                a,
                EntryKind.SYNC,
                new Value(
                        "{\"leader\":\"a\",\"quorum\":0,\"sync_standby\":null}",
                        Map.of("leader", "a", "quorum", "0")));
        assertThat(annotations("configmaps/batman-sync"))
                .isEqualTo(Map.of("leader", "a", "quorum", "0"));
        assertThat(text(b, EntryKind.SYNC))
                .contains("{\"leader\":\"a\",\"quorum\":0,\"sync_standby\":null}");
        Map<String, String> failover = Map.of("leader", "a", "member", "b");
        write(a, EntryKind.FAILOVER, new Value("{\"leader\":\"a\",\"member\":\"b\"}", failover));
        assertThat(annotations("configmaps/batman-failover")).isEqualTo(failover);
        write(a, EntryKind.FAILOVER, Value.of("{}"));
        assertThat(annotations("configmaps/batman-failover")).isEmpty();
        assertThat(text(b, EntryKind.FAILOVER)).contains("{}");
    }

    /** Written as the peer writes them, character by character. */
    @Test
    void thePeersObjectsAreRead() {
        plant(
                "batman-leader",
                Map.of(
                        "leader", "pg-0",
                        "ttl", "30",
                        "acquireTime", "2026-07-24T10:12:29.123456+00:00",
                        "renewTime", "2026-07-24T10:13:09.654321+00:00",
                        "transitions", "4",
                        "optime", "67393608",
                        "slots", "{\"pg_1\":67393608}",
                        "retain_slots", "[\"pg_1\", \"pg_2\"]"));
        plant("batman-config", Map.of("initialize", "", "config", "{\"ttl\": 30}"));
        plant("batman-sync", Map.of("leader", "pg-0", "quorum", "0", "sync_standby", "pg-1"));
        plant("batman-failover", Map.of());
        Snapshot seen = read(a);
        assertThat(seen.leader()).contains("pg-0");
        assertThat(text(a, EntryKind.STATUS))
                .contains(
                        "{\"optime\":67393608,\"slots\":{\"pg_1\":67393608},\"retain_slots\":[\"pg_1\",\"pg_2\"]}");
        assertThat(text(a, EntryKind.INITIALIZE)).contains("");
        assertThat(text(a, EntryKind.CONFIG)).contains("{\"ttl\": 30}");
        assertThat(text(a, EntryKind.SYNC))
                .contains("{\"leader\":\"pg-0\",\"quorum\":0,\"sync_standby\":\"pg-1\"}");
        assertThat(seen.entry(EntryKind.FAILOVER)).isEmpty();
        assertThat(a.acquire(seen, Opening.within(5)).isApplied()).isFalse();
        // A peer that is replaced in place: its record is taken over by name.
        try (Dcs successor = member("pg-0", hint -> {})) {
            Lease lease =
                    successor
                            .renew(read(successor), LeaderUpdate.NONE, Opening.within(5))
                            .applied()
                            .orElseThrow();
            assertThat(lease.member()).isEqualTo("pg-0");
            assertThat(annotations("configmaps/batman-leader"))
                    .containsEntry("transitions", "4")
                    .containsEntry("acquireTime", "2026-07-24T10:12:29.123456+00:00")
                    .containsEntry("ttl", "6");
        }
    }

    /** Else no listing would show who holds the lease, and nobody could take it when it ends. */
    @Test
    void objectsThatOthersMadeGetTheirLabels() {
        plant("batman-leader", Map.of(), Map.of("made-by", "chart"));
        plant("batman-config", Map.of(), Map.of());
        Lease lease = acquired(a);
        write(a, EntryKind.CONFIG, Value.of("{}"));
        assertThat(read(b).leader()).contains("a");
        assertThat(text(b, EntryKind.CONFIG)).contains("{}");
        assertThat(StoredObject.of(tenant.get("configmaps/batman-leader")).labels())
                .containsEntry("made-by", "chart");
        a.release(lease, Optional.empty(), Opening.within(5));
        assertThat(acquired(b).member()).isEqualTo("b");
    }

    private void plant(String name, Map<String, String> annotations) {
        plant(name, annotations, Map.of("application", "patroni", "cluster-name", "batman"));
    }

    private void plant(String name, Map<String, String> annotations, Map<String, String> labels) {
        var object = Json.object();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        var metadata = object.putObject("metadata");
        metadata.put("name", name);
        labels.forEach(metadata.putObject("labels")::put);
        var texts = metadata.putObject("annotations");
        annotations.forEach(texts::put);
        cluster.admin().create(tenant.path("configmaps"), object);
    }

    /** What the peer changes past our stamp shows, and counts as a new version. */
    @Test
    void thePeersChangesAreSeenAndGuarded() {
        Version mine = write(a, EntryKind.CONFIG, Value.of("{}")).applied().orElseThrow();
        merge("batman-config", "{\"config\":\"{\\\"pause\\\":true}\"}");
        assertThat(text(a, EntryKind.CONFIG)).contains("{\"pause\":true}");
        assertThat(refused(EntryKind.CONFIG, mine)).isEqualTo(Outcome.Refusal.VERSION_CHANGED);
        write(a, EntryKind.SYNC, new Value("{\"leader\":\"a\"}", Map.of("leader", "a")));
        merge("batman-sync", "{\"leader\":null,\"quorum\":null,\"sync_standby\":null}");
        assertThat(text(a, EntryKind.SYNC)).contains("{}");
    }

    /** A neighbour in the same object does not spoil a guard: it would with the peer. */
    @Test
    void aGuardHoldsForItsOwnEntryOnly() {
        Version config = write(a, EntryKind.CONFIG, Value.of("{}")).applied().orElseThrow();
        read(a);
        write(b, EntryKind.HISTORY, Value.of("[]"));
        assertThat(
                        a.write(
                                        EntryKind.CONFIG,
                                        Optional.of(Value.of("{\"ttl\":20}")),
                                        Guard.version(config),
                                        Opening.within(5))
                                .isApplied())
                .isTrue();
        assertThat(text(b, EntryKind.HISTORY)).contains("[]");
    }

    private Outcome.Refusal refused(EntryKind kind, Version version) {
        return ((Outcome.Refused<Version>)
                        a.write(
                                kind,
                                Optional.of(Value.of("{\"x\":1}")),
                                Guard.version(version),
                                Opening.within(5)))
                .reason();
    }

    private void merge(String object, String annotations) {
        cluster.admin()
                .merge(
                        tenant.path("configmaps/" + object),
                        "{\"metadata\":{\"annotations\":" + annotations + "}}");
    }

    @Test
    void thePodCarriesTheRecordAndTheRole() {
        touch("replica", "running");
        assertThat(annotations("pods/a")).containsEntry("status", "{\"role\":\"replica\"}");
        assertThat(labels("a")).containsEntry("role", "replica");
        assertThat(read(b).members().get("a").text()).isEqualTo("{\"role\":\"replica\"}");
        Lease lease = acquired(a);
        touch("primary", "running");
        assertThat(labels("a")).containsEntry("role", "primary");
        a.release(lease, Optional.empty(), Opening.within(5));
        // No longer the leader and not yet a replica: nobody is to be sent there.
        touch("primary", "running");
        assertThat(labels("a")).doesNotContainKey("role");
        touch("replica", "starting");
        assertThat(labels("a")).doesNotContainKey("role");
        // Somebody removes a label: the next touch after a read puts it back.
        touch("replica", "running");
        cluster.admin().merge(tenant.path("pods/a"), "{\"metadata\":{\"labels\":{\"role\":null}}}");
        read(a);
        touch("replica", "running");
        assertThat(labels("a")).containsEntry("role", "replica");
    }

    private void touch(String role, String state) {
        assertThat(
                        a.touch(
                                        Opened.me("a", "{\"role\":\"" + role + "\"}", role, state),
                                        Opening.within(5))
                                .isApplied())
                .isTrue();
    }

    private Map<String, String> labels(String pod) {
        return StoredObject.of(tenant.get("pods/" + pod)).labels();
    }

    @Test
    void theRecordOfAMemberGoesWithItsPodAndNotWithItsProcess() {
        touch("replica", "running");
        a.close();
        assertThat(read(b).members()).containsOnlyKeys("a");
        cluster.admin().delete(tenant.path("pods/a?gracePeriodSeconds=0"));
        assertThat(read(b).members()).isEmpty();
    }

    @Test
    void aMemberWithoutAPodIsRefusedAndToldSo() {
        try (Dcs stray =
                Opened.open(
                        tenant.surroundings(cluster.address(0), tenant.token()),
                        Map.of("namespace", tenant.namespace()),
                        Optional.of("stray"),
                        hint -> {})) {
            Outcome<Outcome.Done> outcome =
                    stray.touch(Opened.me("stray", "{}", "replica", "running"), Opening.within(5));
            assertThat(outcome.toString()).contains("there is no Pod stray");
        }
    }

    @Test
    void changesByOthersReachTheListenerAndRenewalsDoNot() throws InterruptedException {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of());
        acquired(b);
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        b.renew(read(b), LeaderUpdate.NONE, Opening.within(5));
        assertThat(hints.poll(500, TimeUnit.MILLISECONDS)).isNull();
        write(b, EntryKind.CONFIG, Value.of("{}"));
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.CONFIG));
        // Silent for its ttl: no event tells, a timer does.
        assertThat(hints.poll(7, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        assertThat(read(a).leader()).isEmpty();
        // Back to life although its name never changed.
        b.renew(read(b), LeaderUpdate.NONE, Opening.within(5));
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        assertThat(read(a).leader()).contains("b");
    }

    @Test
    void aReaderLeavesNothingBehind() {
        try (Dcs reader =
                Opened.open(
                        tenant.surroundings(cluster.address(0), tenant.token()),
                        Map.of("namespace", tenant.namespace()),
                        Optional.empty(),
                        hint -> {})) {
            read(reader);
        }
        for (String resource : List.of("configmaps", "endpoints", "services")) {
            assertThat(tenant.get(resource).path("items")).isEmpty();
        }
    }

    /** A renewal whose reply was lost and that the control plane overtook is found by its time. */
    @Test
    void theControlPlaneMayTouchTheLeaderObjectAtAnyTime() {
        acquired(a);
        for (int i = 0; i < 5; i++) {
            merge("batman-leader", "{\"touched\":\"" + i + "\"}");
            assertThat(a.renew(read(a), LeaderUpdate.NONE, Opening.within(5)).isApplied()).isTrue();
            merge("batman-leader", "{\"touched\":\"again " + i + "\"}");
            assertThat(a.renew(Snapshot.empty(0), LeaderUpdate.NONE, Opening.within(5)).isApplied())
                    .isTrue();
        }
    }

    @Test
    void theTransitionsCountTheHolders() {
        Lease first = acquired(a);
        a.release(first, Optional.empty(), Opening.within(5));
        assertThat(annotations("configmaps/batman-leader")).doesNotContainKey("leader");
        acquired(b);
        assertThat(annotations("configmaps/batman-leader"))
                .containsEntry("leader", "b")
                .containsEntry("transitions", "1");
    }
}
