package io.matriarch.engine.rest;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.codec.Json;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A member in a cluster, changed step by step into what a test is about. */
final class Situation {
    String name = "pg2";
    boolean holdsLease;
    boolean view = true;
    boolean pause;
    SynchronousMode mode = SynchronousMode.OFF;
    boolean standbyCluster;
    MemberState state = MemberState.RUNNING;
    Role role = Role.REPLICA;
    boolean answers = true;
    boolean streaming = true;
    boolean archive;
    long received = 1000;
    long replayed = 1000;
    long latestEnd;
    String startTime = "2026-11-23 02:24:37.768886+00:00";
    Optional<String> replayedTimestamp = Optional.empty();
    int timeline = 1;
    long position = 1000;
    List<Map<String, Object>> senders = List.of();
    Map<String, Object> tags = Map.of();
    Map<String, PendingChange> pending = Map.of();
    Optional<ScheduledRestart> scheduled = Optional.empty();
    long lastSeen = 1795400724;
    long nextRun;
    final Map<EntryKind, String> entries = new EnumMap<>(EntryKind.class);
    final Map<String, String> members = new LinkedHashMap<>();

    Situation() {
        entries.put(EntryKind.LEADER, "pg1");
        entries.put(EntryKind.INITIALIZE, "7711187191231420287");
        entries.put(EntryKind.STATUS, "{\"optime\":1000}");
    }

    static Situation replica() {
        return new Situation();
    }

    static Situation primary() {
        Situation situation = new Situation();
        situation.name = "pg1";
        situation.holdsLease = true;
        situation.role = Role.PRIMARY;
        return situation;
    }

    ClusterView view() {
        Map<EntryKind, Entry> all = new EnumMap<>(EntryKind.class);
        entries.forEach(
                (kind, text) ->
                        all.put(kind, new Entry(kind, text, new Version("1"), Optional.empty())));
        TreeMap<String, Entry> published = new TreeMap<>();
        members.forEach(
                (member, text) ->
                        published.put(
                                member,
                                new Entry(
                                        EntryKind.MEMBER,
                                        text,
                                        new Version("1"),
                                        Optional.empty())));
        return ClusterCodec.view(new Snapshot(all, published, 0));
    }

    Settings settings() {
        Map<String, Object> dynamic = new LinkedHashMap<>();
        dynamic.put("pause", pause);
        dynamic.put("synchronous_mode", mode.name().toLowerCase(Locale.ROOT));
        if (standbyCluster) {
            dynamic.put("standby_cluster", Map.of("host", "10.0.0.9"));
        }
        return DynamicConfig.settings(dynamic).settings();
    }

    MemberReport report() {
        Optional<ClusterView> seen = Optional.of(view());
        return new MemberReport(
                name,
                "demo",
                Optional.of(local()),
                holdsLease,
                view ? seen : Optional.empty(),
                seen,
                settings(),
                new Tags(tags),
                Optional.empty(),
                0,
                "",
                Optional.of(Instant.ofEpochSecond(lastSeen)),
                scheduled,
                nextRun);
    }

    private LocalState local() {
        return new LocalState(
                LocalState.DataDirectory.PRESENT,
                "",
                Optional.of("7711187191231420287"),
                state == MemberState.RUNNING,
                state,
                role,
                answers && state == MemberState.RUNNING ? Optional.of(status()) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                role != Role.PRIMARY,
                pending,
                0);
    }

    private PostgresStatus status() {
        boolean recovery = role != Role.PRIMARY;
        return new PostgresStatus(
                recovery,
                timeline,
                recovery ? Lsn.ZERO : new Lsn(position),
                recovery ? new Lsn(received) : Lsn.ZERO,
                recovery ? new Lsn(replayed) : Lsn.ZERO,
                false,
                replayedTimestamp,
                streaming && recovery,
                new Lsn(latestEnd),
                archive,
                senders,
                Map.of(),
                startTime,
                150018);
    }

    String document() {
        return Json.spaced(StatusDocument.of(report()));
    }

    int code(String target) {
        return HealthChecks.code(RequestTarget.parse(target), report());
    }
}
