package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What stands in the store, seen past the backend, and the takeover of what the peer left there.
 */
@Tag("real")
class ConsulWireTest {
    private static final Pattern ID = Pattern.compile("\"ID\":\"([^\"]+)\"");

    private static ConsulServers consul;

    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();
    private final Dcs a =
            Opened.open(
                    Map.of("host", consul.host(0)),
                    Optional.of("a"),
                    Duration.ofSeconds(6),
                    hints::add);
    private final Dcs b = Opened.member(consul, "b");

    @BeforeAll
    static void start() {
        consul = ConsulServers.start(ConsulBinary.newest(), 1);
    }

    @AfterAll
    static void stop() {
        if (consul != null) {
            consul.close();
        }
    }

    @AfterEach
    void clean() {
        a.purge(Opening.within(5));
        a.close();
        b.close();
    }

    private static Lease acquired(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        return dcs.acquire(seen, Opening.within(5)).applied().orElseThrow();
    }

    private static Outcome<Lease> renewed(Dcs dcs, LeaderUpdate update) {
        return dcs.renew(Snapshot.empty(0), update, Opening.within(5));
    }

    private static LeaderUpdate status(String text) {
        return new LeaderUpdate(Optional.of(Value.of(text)), Optional.empty());
    }

    private static String value(String key) {
        return consul.api("GET", "/v1/kv/service/batman/" + key + "?raw", "");
    }

    private static String id(String json) {
        Matcher matcher = ID.matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return matcher.group(1);
    }

    /** A session as the peer makes it, with which its keys are written. */
    private static String peerSession(String name) {
        return id(
                consul.api(
                        "PUT",
                        "/v1/session/create",
                        "{\"name\": \"batman-"
                                + name
                                + "\", \"checks\": [], \"lockdelay\": \"0.001s\","
                                + " \"behavior\": \"delete\", \"ttl\": \"3.0s\"}"));
    }

    private static void peerWrites(String key, String text, String session) {
        String done = consul.api("PUT", "/v1/kv/service/batman/" + key + session, text);
        assertThat(done.strip()).isEqualTo("true");
    }

    /** Else the health of the agent's node, which flaps, would end the session, too. */
    @Test
    void aSessionDependsOnNoChecksButThoseThatAreNamed() {
        consul.api(
                "PUT",
                "/v1/agent/check/register",
                "{\"Name\": \"disk\", \"TTL\": \"1h\", \"Status\": \"passing\"}");
        Map<String, Object> section = Map.of("host", consul.host(0), "checks", List.of("disk"));
        try (Dcs dcs = Opened.member(section, "checked", Duration.ofSeconds(30))) {
            assertThat(dcs.touch(Opening.replica("checked", "{}"), Opening.within(5)).isApplied())
                    .isTrue();
            String session =
                    dcs.read(Opening.SCOPE, Opening.within(5))
                            .members()
                            .get("checked")
                            .session()
                            .orElseThrow();
            assertThat(consul.api("GET", "/v1/session/info/" + session, ""))
                    .contains("disk")
                    .doesNotContain("serfHealth");
        }
    }

    /**
     * Rule R2: a deletion leaves no index behind which a reader could tell that it reads the past.
     */
    @Test
    void afterADeletionAQuorumIsAsked() {
        ConsulSettings settings =
                ConsulSettings.of(new Section("consul", Map.of("host", consul.host(0))));
        Connections connections = new Connections(false, new Tls(settings.tls()));
        Agent agent = new Agent("test", settings.agent(), Optional.empty(), connections);
        Freshness freshness = new Freshness(ConsulSettings.Consistency.STALE);
        List<String> asked = new ArrayList<>();
        try (Calls calls = new Calls(agent, Optional.empty())) {
            KeyValues keys = new KeyValues(calls, freshness);
            Txn.Done written = changed(keys, List.of(Txn.cas("elsewhere", "{}", 0)));
            changed(keys, Txn.delete("elsewhere", written.index()));
        }
        freshness.read(
                parameter -> {
                    asked.add(parameter.orElse("default"));
                    return new KeyValues.Listing(Map.of(), Long.MAX_VALUE);
                });
        assertThat(asked).containsExactly("consistent");
    }

    private static Txn.Done changed(KeyValues keys, List<Txn.Op> ops) {
        return (Txn.Done) keys.txn("a change", Calls.Repeat.NEVER, new Txn(ops), Opening.within(5));
    }

    @Test
    void keysAndValuesAreThoseOfThePeer() {
        acquired(a);
        a.touch(Opening.replica("a", "{\"role\":\"primary\"}"), Opening.within(5));
        renewed(a, status("{\"optime\":7}"));
        a.write(
                EntryKind.INITIALIZE,
                Optional.of(Value.of("7")),
                Guard.absent(),
                Opening.within(5));
        assertThat(value("leader")).isEqualTo("a");
        assertThat(value("members/a")).isEqualTo("{\"role\":\"primary\"}");
        assertThat(value("status")).isEqualTo("{\"optime\":7}");
        assertThat(value("initialize")).isEqualTo("7");
        Snapshot read = b.read(Opening.SCOPE, Opening.within(5));
        assertThat(read.leader()).contains("a");
        assertThat(read.entry(EntryKind.LEADER).orElseThrow().session())
                .isEqualTo(read.members().get("a").session())
                .isPresent();
        assertThat(read.entry(EntryKind.STATUS).orElseThrow().session()).isEmpty();
    }

    @Test
    void theSessionIsThatOfThePeer() {
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        String session =
                a.read(Opening.SCOPE, Opening.within(5)).members().get("a").session().orElseThrow();
        assertThat(consul.api("GET", "/v1/session/info/" + session, ""))
                .contains("\"Name\":\"batman-a\"")
                .contains("\"LockDelay\":1000000,")
                .contains("\"Behavior\":\"delete\"")
                .contains("\"TTL\":\"3.0s\"")
                .contains("\"NodeChecks\":[]")
                .doesNotContain("serfHealth");
    }

    /** The peer's process ended, and a process of the same name takes its place. */
    @Test
    void recordsOfThePeerAreTakenOver() {
        String session = peerSession("a");
        peerWrites("leader", "a", "?acquire=" + session);
        peerWrites("members/a", "{\"role\":\"primary\"}", "?acquire=" + session);
        peerWrites("config", "{\"ttl\": 30}", "");
        peerWrites("sync", "", "");
        assertThat(renewed(b, LeaderUpdate.NONE).isApplied()).isFalse();
        Snapshot seen = a.read(Opening.SCOPE, Opening.within(5));
        Lease taken = renewed(a, LeaderUpdate.NONE).applied().orElseThrow();
        assertThat(seen.entry(EntryKind.LEADER).orElseThrow().version().token())
                .isNotEqualTo(taken.version().token());
        a.touch(Opening.replica("a", "{\"role\":\"primary\"}"), Opening.within(5));
        Snapshot after = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(after.entry(EntryKind.LEADER).orElseThrow().session())
                .isPresent()
                .isNotEqualTo(Optional.of(session))
                .isEqualTo(after.members().get("a").session());
        assertThat(after.entry(EntryKind.CONFIG).orElseThrow().text()).isEqualTo("{\"ttl\": 30}");
        assertThat(after.entry(EntryKind.SYNC).orElseThrow().text()).isEmpty();
    }

    /** The peer locks with its session what this backend wrote under another one. */
    @Test
    void thePeerTakesOverInItsWay() {
        acquired(a);
        String session = peerSession("a");
        long index =
                Long.parseLong(
                        a.read(Opening.SCOPE, Opening.within(5))
                                .entry(EntryKind.LEADER)
                                .orElseThrow()
                                .version()
                                .token());
        String deleted =
                consul.api("DELETE", "/v1/kv/service/batman/leader?cas=" + index, "").strip();
        assertThat(deleted).isEqualTo("true");
        peerWrites("leader", "a", "?acquire=" + session);
        assertThat(value("leader")).isEqualTo("a");
        assertThat(acquiredBy(b)).isFalse();
    }

    private static boolean acquiredBy(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        return dcs.acquire(seen, Opening.within(5)).isApplied();
    }

    @Test
    void aKeyThatThePeerWroteIsGuardedByItsIndex() {
        peerWrites("sync", "{}", "");
        Version seen =
                a.read(Opening.SCOPE, Opening.within(5))
                        .entry(EntryKind.SYNC)
                        .orElseThrow()
                        .version();
        assertThat(written(b, "1", Guard.version(seen)).isApplied()).isTrue();
        assertThat(written(a, "2", Guard.version(seen)).isApplied()).isFalse();
        peerWrites("sync", "3", "");
        assertThat(value("sync")).isEqualTo("3");
    }

    private static Outcome<Version> written(Dcs dcs, String text, Guard guard) {
        return dcs.write(EntryKind.SYNC, Optional.of(Value.of(text)), guard, Opening.within(5));
    }

    @Test
    void anotherTtlMovesBothRecordsAtOnce() {
        Lease before = acquired(a);
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
        a.reconfigure(
                new io.matriarch.spi.DcsSettings(
                        Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(2)));
        long sent = Opening.TICKER.nanos();
        Lease after = renewed(a, LeaderUpdate.NONE).applied().orElseThrow();
        assertThat(after.epoch()).isEqualTo(before.epoch());
        assertThat(after.validUntil() - sent).isGreaterThan(TimeUnit.SECONDS.toNanos(8));
        Snapshot read = a.read(Opening.SCOPE, Opening.within(5));
        assertThat(read.members().get("a").session())
                .isEqualTo(read.entry(EntryKind.LEADER).orElseThrow().session());
    }

    @Test
    void aLeaseThatConsulEndsEarlyIsToldAndTakenAgain() throws InterruptedException {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of());
        Lease before = acquired(a);
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        assertThat(a.traits().mayEndEarly()).isTrue();
        String session =
                a.read(Opening.SCOPE, Opening.within(5))
                        .entry(EntryKind.LEADER)
                        .orElseThrow()
                        .session()
                        .orElseThrow();
        consul.api("PUT", "/v1/session/destroy/" + session, "");
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        assertThat(renewed(a, LeaderUpdate.NONE).applied().orElseThrow().epoch())
                .isGreaterThan(before.epoch());
    }

    /**
     * A server that has begun to end a session still grants its renewal. Here the member's clock is
     * what runs ahead, for the server gives no sign of that moment.
     */
    @Test
    void aRenewalThatIsAnsweredAfterTheSessionsTimeDoesNotCount() {
        AtomicLong ahead = new AtomicLong();
        Ticker clock = () -> System.nanoTime() + ahead.get();
        try (Dcs late =
                Opened.open(
                        Map.of("host", consul.host(0)),
                        Optional.of("late"),
                        Duration.ofSeconds(6),
                        Opened.NOBODY,
                        clock)) {
            Lease first = proven(late, clock);
            String session = leaderSession();
            ahead.set(TimeUnit.MILLISECONDS.toNanos(5_000));
            proven(late, clock);
            assertThat(leaderSession()).isEqualTo(session);
            ahead.addAndGet(TimeUnit.MILLISECONDS.toNanos(6_000));
            assertThat(proven(late, clock).epoch()).isEqualTo(first.epoch());
            assertThat(leaderSession()).isNotEqualTo(session);
        }
    }

    private static Lease proven(Dcs dcs, Ticker clock) {
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(5));
        return dcs.renew(Snapshot.empty(0), LeaderUpdate.NONE, deadline).applied().orElseThrow();
    }

    private String leaderSession() {
        Snapshot read = b.read(Opening.SCOPE, Opening.within(5));
        return read.entry(EntryKind.LEADER).orElseThrow().session().orElseThrow();
    }

    @Test
    void statusAndOtherMembersWritesAreNotTold() throws InterruptedException {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isEqualTo(Set.of());
        acquired(b);
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.LEADER));
        b.touch(Opening.replica("b", "{}"), Opening.within(5));
        assertThat(hints.poll(1, TimeUnit.SECONDS)).isEqualTo(Set.of(EntryKind.MEMBER));
        b.touch(Opening.replica("b", "{\"n\":1}"), Opening.within(5));
        renewed(b, status("9"));
        assertThat(hints.poll(500, TimeUnit.MILLISECONDS)).isNull();
    }

    /** A status of a leader that was deposed meanwhile must not hide the one of its successor. */
    @Test
    void aStatusIsWrittenByTheHolderOnly() {
        acquired(a);
        renewed(a, status("1"));
        assertThat(renewed(b, status("2")).isApplied()).isFalse();
        assertThat(value("status")).isEqualTo("1");
    }

    @Test
    void aTtlBelowTheLimitOfTheServersIsRaised() {
        try (ConsulServers usual =
                        ConsulServers.start(
                                ConsulBinary.newest(), 1, ", \"session_ttl_min\": \"10s\"", "");
                Dcs short6 = Opened.member(usual, "a")) {
            short6.touch(Opening.replica("a", "{}"), Opening.within(5));
            assertThat(short6.traits().effectiveTtl()).isEqualTo(Duration.ofSeconds(20));
            assertThat(short6.traits().smallestTtl()).isEqualTo(Duration.ofSeconds(20));
            assertThat(short6.traits().note()).contains("20 s");
            Lease lease = acquired(short6);
            assertThat(lease.validUntil() - Opening.TICKER.nanos())
                    .isGreaterThan(TimeUnit.SECONDS.toNanos(18));
        }
    }
}
