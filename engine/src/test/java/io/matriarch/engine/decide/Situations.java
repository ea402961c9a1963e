package io.matriarch.engine.decide;

import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.SyncState;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ControlData;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.Upstream;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Builds situations of member {@code a} in a cluster of a, b and c, in the words of the rules. */
final class Situations {
    static final String SYSTEM_ID = "7711187191231420287";
    static final long NOW = Duration.ofHours(1).toNanos();
    static final Version INITIALIZED = new Version("i");

    private final Map<String, Object> dynamic = new HashMap<>();
    private Tags tags = Tags.NONE;
    private boolean storeAnswers = true;
    private Optional<String> initialize = Optional.of(SYSTEM_ID);
    private Version initializeVersion = INITIALIZED;
    private Optional<String> leader = Optional.empty();
    private Optional<String> formerLeader = Optional.empty();
    private Optional<FailoverRequest> failover = Optional.empty();
    private Optional<List<HistoryLine>> history = Optional.empty();
    private Lsn optime = Lsn.ZERO;
    private LeaseBelief lease = LeaseBelief.none(Duration.ofSeconds(30));
    private LocalState local = running(true, 1, 1000);
    private Optional<RunningAction> action = Optional.empty();
    private boolean fencing;
    private final Map<String, PeerAnswer> peers = new HashMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private Optional<Order> order = Optional.empty();
    private Memory memory = Memory.START;
    private boolean rewind = true;
    private boolean wipe;

    private Situations() {
        members.put("a", member("a"));
        members.put("b", member("b"));
        members.put("c", member("c"));
    }

    static Situations member() {
        return new Situations();
    }

    private static Member member(String name) {
        return publishing(name, "running", Role.REPLICA, 1);
    }

    private static Member publishing(String name, String state, Role role, int timeline) {
        return new Member(
                name,
                Optional.of("postgres://" + name + ":5432/postgres"),
                Optional.of("http://" + name + ":8008/patroni"),
                state,
                Optional.of(role),
                Optional.of("4.1.4"),
                Tags.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                timeline,
                true,
                Map.of(),
                Optional.empty(),
                false);
    }

    static LocalState running(boolean recovery, int timeline, long position) {
        PostgresStatus status =
                new PostgresStatus(
                        recovery,
                        timeline,
                        recovery ? Lsn.ZERO : new Lsn(position),
                        recovery ? new Lsn(position) : Lsn.ZERO,
                        recovery ? new Lsn(position) : Lsn.ZERO,
                        false,
                        Optional.empty(),
                        recovery,
                        Lsn.ZERO,
                        false,
                        recovery
                                ? List.of()
                                : List.of(
                                        Map.of("application_name", "b", "state", "streaming"),
                                        Map.of("application_name", "c", "state", "startup")),
                        Map.of(),
                        "2026-11-23 02:24:37+00:00",
                        150018);
        return new LocalState(
                LocalState.DataDirectory.PRESENT,
                "",
                Optional.of(SYSTEM_ID),
                true,
                MemberState.RUNNING,
                recovery ? Role.REPLICA : Role.PRIMARY,
                Optional.of(status),
                Optional.empty(),
                Optional.of(new Upstream("b", "postgres://b:5432/postgres")),
                recovery,
                Map.of(),
                NOW - Duration.ofMinutes(5).toNanos());
    }

    static LocalState stopped(Role role, boolean standbyConfigured, String clusterState) {
        return new LocalState(
                LocalState.DataDirectory.PRESENT,
                "",
                Optional.of(SYSTEM_ID),
                false,
                MemberState.CRASHED,
                role,
                Optional.empty(),
                Optional.of(new ControlData(clusterState, 1, new Lsn(2000), true)),
                Optional.empty(),
                standbyConfigured,
                Map.of(),
                NOW - Duration.ofMinutes(5).toNanos());
    }

    static LocalState empty() {
        return new LocalState(
                LocalState.DataDirectory.EMPTY,
                "",
                Optional.empty(),
                false,
                MemberState.STOPPED,
                Role.UNINITIALIZED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                NOW);
    }

    Situations primary() {
        local = running(false, 1, 1000);
        return this;
    }

    Situations primaryOnTimeline(int timeline) {
        local = running(false, timeline, 1000);
        return this;
    }

    Situations standby(long position) {
        local = running(true, 1, position);
        return this;
    }

    Situations local(LocalState state) {
        local = state;
        return this;
    }

    Situations paused() {
        dynamic.put("pause", true);
        return this;
    }

    Situations startTimeout(Duration timeout) {
        dynamic.put("primary_start_timeout", timeout.toSeconds());
        return this;
    }

    /** The lease was proven this long ago (ttl 30 s). */
    Situations leaseProvenBefore(Duration age) {
        long until = NOW - age.toNanos() + Duration.ofSeconds(30).toNanos();
        lease =
                new LeaseBelief(
                        LeaseBelief.State.HELD,
                        Optional.of(new Lease("a", 7, until, new Version("1"))),
                        Duration.ofSeconds(30));
        return this;
    }

    /** An earlier process proved the lease this long ago. */
    Situations leaseInherited(Duration age) {
        leaseProvenBefore(age);
        lease = new LeaseBelief(LeaseBelief.State.INHERITED, lease.lease(), Duration.ofSeconds(30));
        return this;
    }

    Situations leaseRefused() {
        lease =
                new LeaseBelief(
                        LeaseBelief.State.REFUSED, Optional.empty(), Duration.ofSeconds(30));
        return this;
    }

    Situations ledBy(String name) {
        leader = Optional.of(name);
        return this;
    }

    Situations formerlyLedBy(String name) {
        formerLeader = Optional.of(name);
        return this;
    }

    Situations publishing(String name, Role role, int timeline) {
        members.put(name, publishing(name, members.get(name).state(), role, timeline));
        return this;
    }

    Situations storeDown() {
        storeAnswers = false;
        return this;
    }

    Situations initialize(Optional<String> text) {
        initialize = text;
        return this;
    }

    Situations initialize(Optional<String> text, String version) {
        initializeVersion = new Version(version);
        return initialize(text);
    }

    /** What the other members publish about themselves. */
    Situations others(String state) {
        for (String name : List.of("b", "c")) {
            Member m = members.get(name);
            members.put(name, publishing(name, state, m.role().orElseThrow(), m.timeline()));
        }
        return this;
    }

    Situations requested(Optional<String> from, Optional<String> to) {
        failover = Optional.of(FailoverRequest.of(from, to));
        return this;
    }

    Situations clusterTimeline(int timeline) {
        history =
                Optional.of(
                        List.of(
                                new HistoryLine(
                                        timeline - 1,
                                        new Lsn(1),
                                        "x",
                                        Optional.empty(),
                                        Optional.empty())));
        return this;
    }

    Situations optime(long bytes) {
        optime = new Lsn(bytes);
        return this;
    }

    Situations peer(String name, boolean primary, long position, Map<String, Object> peerTags) {
        peers.put(
                name,
                new PeerAnswer(
                        NOW,
                        false,
                        Optional.of(
                                new PeerStatus(
                                        primary,
                                        new Lsn(position),
                                        1,
                                        new Tags(peerTags),
                                        false))));
        return this;
    }

    Situations silentPeer(String name) {
        peers.put(name, new PeerAnswer(NOW, false, Optional.empty()));
        return this;
    }

    Situations doing(PostgresAction what, Optional<ActionProgress> progress) {
        action = Optional.of(new RunningAction(what, NOW - 1, 7, progress, false));
        return this;
    }

    Situations fencing() {
        fencing = true;
        return this;
    }

    Situations ordered(Order what) {
        order = Optional.of(what);
        return this;
    }

    Situations remembering(Memory what) {
        memory = what;
        return this;
    }

    Situations tagged(String tag, Object value) {
        tags = new Tags(Map.of(tag, value));
        return this;
    }

    Situations withoutRewind() {
        rewind = false;
        return this;
    }

    Situations mayWipe() {
        wipe = true;
        return this;
    }

    Situation now() {
        ClusterView view = view(leader);
        Optional<ClusterView> seen = storeAnswers ? Optional.of(view) : Optional.empty();
        return new Situation(
                new MemberOptions(
                        "a",
                        "demo",
                        "postgres://a:5432/postgres",
                        "http://a:8008/patroni",
                        Optional.empty(),
                        tags,
                        Optional.of(Map.of("ttl", 30)),
                        rewind,
                        wipe,
                        wipe),
                DynamicConfig.settings(dynamic).settings(),
                NOW,
                Instant.parse("2026-11-23T02:00:00Z"),
                seen,
                Optional.of(view),
                formerLeader.map(name -> view(Optional.of(name))),
                lease,
                local,
                action,
                fencing,
                peers,
                order,
                memory);
    }

    private ClusterView view(Optional<String> leadBy) {
        return new ClusterView(
                initialize,
                Optional.of(Map.of("ttl", 30)),
                Optional.of(new Version("c")),
                leadBy,
                new TreeMap<>(members),
                failover,
                Optional.of(new Version("f")),
                SyncState.NONE,
                Optional.empty(),
                history,
                new ClusterStatus(optime, Map.of(), List.of()),
                Map.of(),
                snapshot());
    }

    private Snapshot snapshot() {
        Map<EntryKind, Entry> entries = new HashMap<>();
        initialize.ifPresent(
                text ->
                        entries.put(
                                EntryKind.INITIALIZE,
                                new Entry(
                                        EntryKind.INITIALIZE,
                                        text,
                                        initializeVersion,
                                        Optional.empty())));
        return new Snapshot(entries, new TreeMap<>(), NOW);
    }

    Decision decide() {
        return Decider.decide(now());
    }
}
