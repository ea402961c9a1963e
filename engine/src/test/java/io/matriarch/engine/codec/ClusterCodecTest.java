package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.SyncState;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCodecTest {
    private static final Optional<String> NOBODY = Optional.empty();

    /** A value as the reference prints it. */
    static String golden(String name) {
        try (InputStream in = ClusterCodecTest.class.getResourceAsStream("golden/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(EntryKind kind, String text) {
        return new Entry(kind, text, new Version("7"), Optional.empty());
    }

    private static ClusterView view(EntryKind kind, String text) {
        return ClusterCodec.view(new Snapshot(Map.of(kind, entry(kind, text)), new TreeMap<>(), 0));
    }

    private static Member readMember(String name, String text) {
        TreeMap<String, Entry> members = new TreeMap<>();
        members.put(name, entry(EntryKind.MEMBER, text));
        return ClusterCodec.view(new Snapshot(Map.of(), members, 0)).members().get(name);
    }

    /** The own record is the peer's with one field more. */
    private static String withOwnVersion(String json) {
        return json.substring(0, json.length() - 1)
                + ",\"matriarch_version\":\""
                + Product.version()
                + "\"}";
    }

    @Test
    void thePrimarysRecordSurvivesARoundTripByteForByte() {
        String text = golden("member-primary.json");
        Member member = readMember("pg-0", text);
        assertThat(member.role()).contains(Role.PRIMARY);
        assertThat(member.isRunning()).isTrue();
        assertThat(member.checkpointAfterPromote()).isFalse();
        assertThat(member.position()).contains(new Lsn(67110224));
        assertThat(member.timeline()).isEqualTo(3);
        assertThat(member.tags().failoverPriority()).isEqualTo(2);
        MemberEntry written = ClusterCodec.member(member);
        assertThat(written.value().text()).isEqualTo(withOwnVersion(text));
        assertThat(written.role()).isEqualTo("primary");
        assertThat(written.state()).isEqualTo("running");
        assertThat(written.value().fields())
                .containsOnly(
                        Map.entry("conn_url", "postgres://10.0.0.11:5432/postgres"),
                        Map.entry("api_url", "http://10.0.0.11:8008/patroni"));
    }

    @Test
    void theReplicasRecordSurvivesARoundTripByteForByte() {
        String text = golden("member-replica.json");
        Member member = readMember("pg-1", text);
        assertThat(member.pendingRestart())
                .containsExactly(Map.entry("max_connections", new PendingChange("100", "200")));
        assertThat(member.scheduledRestart().orElseThrow().filters())
                .containsExactly(Map.entry("role", "replica"));
        assertThat(member.pause()).isTrue();
        assertThat(member.checkpointAfterPromote()).isTrue();
        Optional<String> proxy = Optional.of("postgres://10.0.0.12:6432/postgres");
        assertThat(ClusterCodec.member(member, proxy).value().text())
                .isEqualTo(withOwnVersion(text));
    }

    @Test
    void theVersionHoldsNothingButDottedIntegers() {
        assertThat(Product.PEER_VERSION).matches("[0-9]+(\\.[0-9]+)*");
        assertThat(Product.version()).matches("[0-9]+\\.[0-9]+.*");
    }

    @Test
    void aLegacyMemberIsAConnectionUrlWithTheApiInItsQuery() {
        Member member =
                readMember(
                        "a", "postgres://h:5432/postgres?application_name=http://h:8008/patroni");
        assertThat(member.connUrl()).contains("postgres://h:5432/postgres");
        assertThat(member.apiUrl()).contains("http://h:8008/patroni");
        assertThat(member.state()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "null", "{", "\"x\"", "{}", "{\"state\":[]}"})
    void aMemberThatPublishedNothingUsableStillCounts(String text) {
        assertThat(readMember("a", text)).isEqualTo(Member.named("a"));
    }

    @Test
    void fieldsOfTheWrongTypeReadAsAbsent() {
        Member member =
                readMember(
                        "a",
                        "{\"state\":\"running\",\"role\":\"queen\",\"tags\":[1],"
                                + "\"xlog_location\":\"x\",\"timeline\":-3,\"pending_restart_reason\":5,"
                                + "\"scheduled_restart\":{\"schedule\":\"soon\"}}");
        assertThat(member.isRunning()).isTrue();
        assertThat(member.role()).isEmpty();
        assertThat(member.tags().values()).isEmpty();
        assertThat(member.position()).isEmpty();
        assertThat(member.timeline()).isZero();
        assertThat(member.scheduledRestart()).isEmpty();
    }

    @Test
    void theOldWordForPrimaryIsAccepted() {
        assertThat(readMember("a", "{\"role\":\"master\"}").role()).contains(Role.PRIMARY);
    }

    @Test
    void aLeaderWithoutAMemberKeyIsAMemberWithNoData() {
        ClusterView view = view(EntryKind.LEADER, "pg-0");
        assertThat(view.leader()).contains("pg-0");
        assertThat(view.members()).containsExactly(Map.entry("pg-0", Member.named("pg-0")));
        assertThat(view(EntryKind.LEADER, "").isUnlocked()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"leader":"pg-0","member":"pg-1"} | pg-0 | pg-1 | false
                    {"member":"pg-1"}                 |      | pg-1 | false
                    {"leader": "pg-0"}                | pg-0 |      | false
                    {"leader":"a","scheduled_at":"2026-08-01T03:00:00+00:00"} | a | | true
                    {"leader":"a","scheduled_at":"soon"} | a | | true
                    {"leader":"a","member":7}         | a    | 7    | false
                    old:new                           | old  | new  | false
                    :new                              |      | new  | false
                    """)
    void aFailoverRequestIsReadInEveryForm(
            String text, String leader, String candidate, boolean scheduled) {
        FailoverRequest request = view(EntryKind.FAILOVER, text).failover().orElseThrow();
        assertThat(request.leader()).isEqualTo(Optional.ofNullable(leader));
        assertThat(request.candidate()).isEqualTo(Optional.ofNullable(candidate));
        assertThat(request.isScheduled()).isEqualTo(scheduled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"leader\":\"\"}",
                "{\"leader\":",
                "7",
                "null",
                "word",
                "\"a:b",
                "{\"scheduled_at\":\"2026-08-01T03:00:00+00:00\"}"
            })
    void anEmptyRequestIsNoneButKeepsItsVersion(String text) {
        ClusterView view = view(EntryKind.FAILOVER, text);
        assertThat(view.failover()).isEmpty();
        assertThat(view.failoverVersion()).contains(new Version("7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"failover-switchover", "failover-scheduled", "failover-manual"})
    void aFailoverRequestSurvivesARoundTripByteForByte(String name) {
        String text = golden(name + ".json");
        FailoverRequest request = view(EntryKind.FAILOVER, text).failover().orElseThrow();
        assertThat(ClusterCodec.failover(request).text()).isEqualTo(text);
    }

    @Test
    void failoverFieldsStandApartForStoresThatNeedThem() {
        FailoverRequest request =
                view(EntryKind.FAILOVER, golden("failover-scheduled.json"))
                        .failover()
                        .orElseThrow();
        assertThat(ClusterCodec.failover(request).fields())
                .isEqualTo(
                        Map.of(
                                "leader",
                                "pg-0",
                                "member",
                                "pg-1",
                                "scheduled_at",
                                "2026-08-01T03:00:00+00:00"));
        assertThat(ClusterCodec.noFailover().text()).isEqualTo("{}");
        assertThat(ClusterCodec.noFailover().fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync-one", "sync-none", "sync-quorum"})
    void theSyncStateSurvivesARoundTripByteForByte(String name) {
        String text = golden(name + ".json");
        SyncState state = view(EntryKind.SYNC, text).sync();
        assertThat(state.isEmpty()).isFalse();
        assertThat(ClusterCodec.sync(state).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "{\"leader\":null,\"quorum\":3}", "x", "{\"quorum\":1}"})
    void aSyncStateWithoutALeaderIsNoneButKeepsItsVersion(String text) {
        assertThat(view(EntryKind.SYNC, text).sync()).isEqualTo(SyncState.NONE);
        assertThat(view(EntryKind.SYNC, text).syncVersion()).contains(new Version("7"));
    }

    @Test
    void spacesBetweenVotersAreTolerated() {
        SyncState state =
                view(EntryKind.SYNC, "{\"leader\":\"a\",\"sync_standby\":\" c, b ,\"}").sync();
        assertThat(state.voters()).containsExactly("c", "b");
        assertThat(state.isVoter("B")).isTrue();
    }

    @Test
    void theStatusSurvivesARoundTripByteForByte() {
        String text = golden("status.json");
        ClusterStatus status = view(EntryKind.STATUS, text).status();
        assertThat(status.optime()).isEqualTo(new Lsn(67393608));
        assertThat(ClusterCodec.status(status).text()).isEqualTo(text);
        assertThat(ClusterCodec.status(status).fields())
                .containsEntry("optime", "67393608")
                .containsEntry("slots", "{\"ls\":67110224,\"pg_1\":67393608}")
                .containsEntry("retain_slots", "[\"pg_1\", \"pg_2\"]");
        assertThat(ClusterCodec.status(ClusterStatus.NONE).text()).isEqualTo("{\"optime\":0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    67393608                                  | 67393608 | 0 | 0
                    {"optime":"67393608"}                     | 67393608 | 0 | 0
                    {"optime":1,"slots":"{\\"a\\":5}"}        | 1        | 1 | 0
                    {"optime":1,"retain_slots":"[\\"a\\"]"}   | 1        | 0 | 1
                    {"optime":[],"slots":7,"retain_slots":{}} | 0        | 0 | 0
                    {"optime":1,"slots":{"a":"x","b":2}}      | 1        | 1 | 0
                    junk                                      | 0        | 0 | 0
                    -5                                        | 0        | 0 | 0
                    """)
    void aStatusIsReadInEveryForm(String text, long optime, int slots, int retained) {
        ClusterStatus status = view(EntryKind.STATUS, text).status();
        assertThat(status.optime().bytes()).isEqualTo(optime);
        assertThat(status.slots()).hasSize(slots);
        assertThat(status.retainSlots()).hasSize(retained);
    }

    @Test
    void theHistorySurvivesARoundTripByteForByte() {
        String text = golden("history.json");
        ClusterView view = view(EntryKind.HISTORY, text);
        List<HistoryLine> lines = view.history().orElseThrow();
        assertThat(view.timeline()).isEqualTo(3);
        assertThat(lines.get(0).newLeader()).contains("pg-1");
        assertThat(ClusterCodec.history(lines).text()).isEqualTo(text);
        assertThat(view(EntryKind.HISTORY, "[]").timeline()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "x", "[1]", "[[1,2]]", "[[\"a\",2,\"r\"]]", "[[0,1,\"r\"]]"})
    void aMalformedHistoryIsUnknown(String text) {
        assertThat(view(EntryKind.HISTORY, text).timeline()).isZero();
    }

    @Test
    void failsafeMembersAreSortedAndJunkIsNone() {
        String text = golden("failsafe.json");
        Map<String, String> members = view(EntryKind.FAILSAFE, text).failsafe();
        assertThat(members).containsOnlyKeys("pg-0", "pg-1");
        assertThat(ClusterCodec.failsafe(members).text()).isEqualTo(text);
        assertThat(view(EntryKind.FAILSAFE, "[1]").failsafe()).isEmpty();
        assertThat(view(EntryKind.FAILSAFE, "{\"a\":[]}").failsafe()).isEmpty();
    }

    @Test
    void theConfigurationSurvivesARoundTripByteForByte() {
        String text = golden("config.json");
        ClusterView view = view(EntryKind.CONFIG, text);
        assertThat(ClusterCodec.config(view.config().orElseThrow()).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "null"})
    void anUnusableConfigurationIsAbsentButKeepsItsVersion(String text) {
        assertThat(view(EntryKind.CONFIG, text).config()).isEmpty();
        assertThat(view(EntryKind.CONFIG, text).configVersion()).contains(new Version("7"));
    }

    @Test
    void anEmptyInitializeKeyMeansThatSomebodyBootstraps() {
        assertThat(view(EntryKind.INITIALIZE, "").initialize()).contains("");
        assertThat(view(EntryKind.INITIALIZE, "").systemId()).isEmpty();
        assertThat(view(EntryKind.INITIALIZE, "7711187191231420287").systemId()).isPresent();
        assertThat(ClusterCodec.initialize("7711187191231420287").text())
                .isEqualTo("7711187191231420287");
    }

    @ParameterizedTest
    @EnumSource(value = EntryKind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMBER")
    void noTextOfAnyKeyMakesAReadFail(EntryKind kind) {
        List<String> junk =
                List.of(
                        "",
                        "{",
                        "[[[]]]",
                        "\u0000",
                        "{\"leader\":{}}",
                        "1e999",
                        "-",
                        "[null]",
                        "{\"slots\":{\"a\":null}}",
                        "[".repeat(5000),
                        "9".repeat(2000),
                        "NaN");
        for (String text : junk) {
            assertThat(view(kind, text)).isNotNull();
        }
    }

    @Test
    void anEmptyScopeReadsAsEmpty() {
        ClusterView view = ClusterCodec.view(Snapshot.empty(0));
        assertThat(view.members()).isEmpty();
        assertThat(view.initialize()).isEmpty();
        assertThat(view.config()).isEmpty();
        assertThat(view.sync()).isEqualTo(SyncState.NONE);
        assertThat(view.status()).isEqualTo(ClusterStatus.NONE);
        assertThat(view.isUnlocked()).isTrue();
    }

    @Test
    void aWholeClusterReadsAtOnce() {
        EnumMap<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        entries.put(EntryKind.LEADER, entry(EntryKind.LEADER, "pg-0"));
        TreeMap<String, Entry> members = new TreeMap<>();
        members.put("pg-1", entry(EntryKind.MEMBER, golden("member-replica.json")));
        members.put("pg-0", entry(EntryKind.MEMBER, golden("member-primary.json")));
        ClusterView view = ClusterCodec.view(new Snapshot(entries, members, 5));
        assertThat(view.members().keySet()).containsExactly("pg-0", "pg-1");
        assertThat(view.leaderMember().orElseThrow().role()).contains(Role.PRIMARY);
        assertThat(view.snapshot().sentAt()).isEqualTo(5);
        assertThat(ClusterCodec.failover(FailoverRequest.of(NOBODY, Optional.of("b"))).text())
                .isEqualTo("{\"member\":\"b\"}");
    }
}
