package io.matriarch.engine.codec;

import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.SyncState;
import io.matriarch.engine.model.Tags;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The model to the text of the keys and back. Reading accepts every form that a peer of any age
 * wrote and never fails: what is malformed reads as empty (rule R5), with the version of its entry
 * kept. Writing yields what the peer would write, byte for byte, so that an unchanged value is an
 * unchanged text. Pure; safe for use by any thread.
 */
public final class ClusterCodec {
    private ClusterCodec() {}

    /** What one read of the store means. */
    public static ClusterView view(Snapshot snapshot) {
        return new ClusterView(
                text(snapshot, EntryKind.INITIALIZE),
                text(snapshot, EntryKind.CONFIG).flatMap(ClusterCodec::object),
                version(snapshot, EntryKind.CONFIG),
                snapshot.leader(),
                members(snapshot),
                text(snapshot, EntryKind.FAILOVER).flatMap(ValueReader::failover),
                version(snapshot, EntryKind.FAILOVER),
                text(snapshot, EntryKind.SYNC).map(ValueReader::sync).orElse(SyncState.NONE),
                version(snapshot, EntryKind.SYNC),
                text(snapshot, EntryKind.HISTORY).flatMap(ValueReader::history),
                text(snapshot, EntryKind.STATUS)
                        .map(ValueReader::status)
                        .orElse(ClusterStatus.NONE),
                text(snapshot, EntryKind.FAILSAFE).map(ValueReader::failsafe).orElse(Map.of()),
                snapshot);
    }

    private static Optional<String> text(Snapshot snapshot, EntryKind kind) {
        return snapshot.entry(kind).map(Entry::text);
    }

    private static Optional<Version> version(Snapshot snapshot, EntryKind kind) {
        return snapshot.entry(kind).map(Entry::version);
    }

    private static Optional<Map<String, Object>> object(String text) {
        return Fields.parse(text).map(Fields::values).map(Collections::unmodifiableMap);
    }

    private static SortedMap<String, Member> members(Snapshot snapshot) {
        SortedMap<String, Member> members = new TreeMap<>();
        snapshot.members()
                .forEach((name, entry) -> members.put(name, MemberCodec.read(name, entry.text())));
        snapshot.leader().ifPresent(name -> members.computeIfAbsent(name, Member::named));
        return members;
    }

    /** The own record of a member that has no pooler. */
    public static MemberEntry member(Member member) {
        return member(member, Optional.empty());
    }

    /**
     * The own record.
     *
     * @param proxyUrl the local pooler's, if there is one
     */
    public static MemberEntry member(Member member, Optional<String> proxyUrl) {
        return MemberCodec.write(member, proxyUrl);
    }

    public static Value failover(FailoverRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        request.leader().ifPresent(name -> fields.put("leader", name));
        request.candidate().ifPresent(name -> fields.put("member", name));
        request.scheduledAt().ifPresent(at -> fields.put("scheduled_at", IsoTime.text(at)));
        request.unusableSchedule().ifPresent(text -> fields.put("scheduled_at", text));
        return new Value(Json.compact(fields), flat(fields));
    }

    /** What clears a request: the key stays. */
    public static Value noFailover() {
        return Value.of("{}");
    }

    public static Value sync(SyncState state) {
        if (state.isEmpty()) {
            return Value.of("{}");
        }
        String voters = String.join(",", state.voters().stream().sorted().toList());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("leader", state.leader().orElseThrow());
        fields.put("quorum", state.quorum());
        fields.put("sync_standby", voters.isEmpty() ? null : voters);
        return new Value(Json.compact(fields), flat(fields));
    }

    public static Value status(ClusterStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, String> flat = new LinkedHashMap<>();
        fields.put("optime", status.optime().bytes());
        flat.put("optime", Long.toString(status.optime().bytes()));
        if (!status.slots().isEmpty()) {
            Map<String, Object> slots = new LinkedHashMap<>();
            status.slots().forEach((name, lsn) -> slots.put(name, lsn.bytes()));
            fields.put("slots", slots);
            flat.put("slots", Json.compact(slots));
        }
        if (!status.retainSlots().isEmpty()) {
            fields.put("retain_slots", status.retainSlots());
            flat.put("retain_slots", Json.spaced(status.retainSlots()));
        }
        return new Value(Json.compact(fields), flat);
    }

    public static Value history(List<HistoryLine> lines) {
        return Value.of(Json.compact(lines.stream().map(ClusterCodec::row).toList()));
    }

    /** Rows end where nothing more is known. */
    private static List<Object> row(HistoryLine line) {
        List<Object> row = new ArrayList<>();
        row.add(line.timeline());
        row.add(line.switchedAt().bytes());
        row.add(line.reason());
        if (line.time().isPresent() || line.newLeader().isPresent()) {
            row.add(line.time().orElse(null));
        }
        line.newLeader().ifPresent(row::add);
        return row;
    }

    public static Value config(Map<String, Object> document) {
        return Value.of(Json.compact(document));
    }

    /** Sorted by name, so that an unchanged set is an unchanged text. */
    public static Value failsafe(Map<String, String> members) {
        return Value.of(Json.compact(new TreeMap<>(members)));
    }

    /** Empty while a bootstrap runs, then the system identifier. */
    public static Value initialize(String systemId) {
        return Value.of(systemId);
    }

    /**
     * A member's answer to {@code GET /patroni}. Empty if it carries no WAL position: then its
     * PostgreSQL is down or starting, and the member counts as not reachable.
     */
    public static Optional<PeerStatus> peerStatus(String json) {
        Optional<Fields> answer = Fields.parse(json);
        Optional<Fields> wal = answer.flatMap(a -> a.object("xlog").or(() -> a.object("wal")));
        return wal.map(positions -> peerStatus(answer.orElseThrow(), positions));
    }

    private static PeerStatus peerStatus(Fields answer, Fields wal) {
        boolean primary =
                wal.truthy("location")
                        || answer.text("role")
                                .filter(role -> role.equals("primary") || role.equals("master"))
                                .isPresent();
        Lsn received = wal.position("received_location").orElse(Lsn.ZERO);
        Lsn replayed = wal.position("replayed_location").orElse(Lsn.ZERO);
        return new PeerStatus(
                primary,
                primary ? Lsn.ZERO : received.max(replayed),
                answer.integer("timeline"),
                answer.object("tags").map(tags -> new Tags(tags.values())).orElse(Tags.NONE),
                answer.truthy("watchdog_failed"));
    }

    private static Map<String, String> flat(Map<String, Object> fields) {
        Map<String, String> flat = new LinkedHashMap<>();
        fields.forEach(
                (key, value) -> {
                    if (value != null) {
                        flat.put(key, value.toString());
                    }
                });
        return flat;
    }
}
