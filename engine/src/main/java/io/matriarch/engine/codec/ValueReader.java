package io.matriarch.engine.codec;

import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.SyncState;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of the cluster's keys as readers understand them; malformed ones read as empty. */
final class ValueReader {
    private ValueReader() {}

    /** Empty if nothing is asked for. */
    static Optional<FailoverRequest> failover(String text) {
        Optional<Object> value = Fields.parseValue(text);
        FailoverRequest request =
                value.isPresent()
                        ? Fields.parse(text)
                                .map(ValueReader::failover)
                                .orElse(FailoverRequest.of(Optional.empty(), Optional.empty()))
                        : legacyFailover(text);
        return Optional.of(request).filter(r -> !r.isEmpty());
    }

    private static FailoverRequest failover(Fields fields) {
        Optional<String> schedule = fields.text("scheduled_at");
        Optional<OffsetDateTime> at = schedule.flatMap(IsoTime::parse);
        return new FailoverRequest(
                fields.text("leader"),
                fields.text("member"),
                at,
                at.isPresent() ? Optional.empty() : schedule);
    }

    /** {@code old:new}; broken JSON is no such request. */
    private static FailoverRequest legacyFailover(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || text.trim().matches("(?s)[\\[{\"].*")) {
            return FailoverRequest.of(Optional.empty(), Optional.empty());
        }
        String[] names = text.split(":", -1);
        return FailoverRequest.of(named(names[0]), named(names[1]));
    }

    private static Optional<String> named(String text) {
        return Optional.of(text.trim()).filter(name -> !name.isEmpty());
    }

    static SyncState sync(String text) {
        Fields fields = Fields.parse(text).orElse(Fields.NONE);
        Optional<String> leader = fields.text("leader");
        if (leader.isEmpty()) {
            return SyncState.NONE;
        }
        List<String> voters =
                Arrays.stream(fields.text("sync_standby").orElse("").split(","))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .toList();
        return new SyncState(leader, voters, fields.integer("quorum"));
    }

    /** A bare number is the WAL position alone. */
    static ClusterStatus status(String text) {
        Optional<Object> value = Fields.parseValue(text);
        Optional<Long> bare = value.flatMap(Fields::number);
        if (bare.isPresent()) {
            return ClusterStatus.NONE.withOptime(position(bare.get()));
        }
        return Fields.parse(text)
                .map(
                        fields ->
                                new ClusterStatus(
                                        fields.position("optime").orElse(Lsn.ZERO),
                                        slots(unwrapped(fields.values().get("slots"))),
                                        names(unwrapped(fields.values().get("retain_slots")))))
                .orElse(ClusterStatus.NONE);
    }

    private static Lsn position(long bytes) {
        return bytes > 0 ? new Lsn(bytes) : Lsn.ZERO;
    }

    /** Kubernetes holds lists and maps as JSON text inside a string. */
    private static Optional<Object> unwrapped(Object value) {
        return value instanceof String text ? Fields.parseValue(text) : Optional.ofNullable(value);
    }

    private static Map<String, Lsn> slots(Optional<Object> value) {
        Map<String, Lsn> slots = new TreeMap<>();
        if (value.orElse(null) instanceof Map<?, ?> map) {
            map.forEach(
                    (name, lsn) ->
                            Fields.number(lsn)
                                    .ifPresent(n -> slots.put(name.toString(), position(n))));
        }
        return slots;
    }

    private static List<String> names(Optional<Object> value) {
        return value.orElse(null) instanceof List<?> items
                ? items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .distinct()
                        .toList()
                : List.of();
    }

    /** Empty if the text, or any of its rows, cannot be understood: then nothing is known. */
    static Optional<List<HistoryLine>> history(String text) {
        if (!(Fields.parseValue(text).orElse(null) instanceof List<?> rows)) {
            return Optional.empty();
        }
        List<HistoryLine> lines = new ArrayList<>();
        for (Object row : rows) {
            Optional<HistoryLine> line = historyLine(row);
            if (line.isEmpty()) {
                return Optional.empty();
            }
            lines.add(line.get());
        }
        return Optional.of(lines);
    }

    private static Optional<HistoryLine> historyLine(Object row) {
        if (!(row instanceof List<?> items) || items.size() < 3) {
            return Optional.empty();
        }
        Optional<Long> timeline =
                Fields.number(items.get(0)).filter(n -> n > 0 && n < Integer.MAX_VALUE);
        Optional<Long> switchedAt = Fields.number(items.get(1));
        return timeline.isEmpty() || switchedAt.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HistoryLine(
                                timeline.get().intValue(),
                                position(switchedAt.get()),
                                item(items, 2).orElse(""),
                                item(items, 3),
                                item(items, 4)));
    }

    private static Optional<String> item(List<?> items, int index) {
        return index < items.size() && items.get(index) != null
                ? Optional.of(items.get(index).toString())
                : Optional.empty();
    }

    static Map<String, String> failsafe(String text) {
        Map<String, String> members = new TreeMap<>();
        Fields fields = Fields.parse(text).orElse(Fields.NONE);
        for (String name : fields.values().keySet()) {
            fields.text(name).ifPresent(url -> members.put(name, url));
        }
        return members;
    }
}
