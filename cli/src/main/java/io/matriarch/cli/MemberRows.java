package io.matriarch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of {@code list} and {@code topology}, made from the {@code /cluster} document. A value
 * is text, a number or, for tags in JSON and YAML, a map; an empty cell is empty text.
 *
 * @param columns in order; every row has each of them
 */
record MemberRows(List<String> columns, List<Map<String, Object>> rows) {
    static final String CLUSTER = "Cluster";
    static final String MEMBER = "Member";

    private static final int POSTGRES_PORT = 5432;
    private static final int LONGEST_REASON = 50;
    private static final double MEGABYTE = 1048576;
    private static final List<String> ALWAYS =
            List.of(
                    CLUSTER,
                    MEMBER,
                    "Host",
                    "Role",
                    "State",
                    "TL",
                    "Receive LSN",
                    "Receive Lag",
                    "Replay LSN",
                    "Replay Lag");
    private static final Map<String, String> IF_USED = new LinkedHashMap<>();

    static {
        IF_USED.put("Pending restart", "pending_restart");
        IF_USED.put("Pending restart reason", "pending_restart_reason");
        IF_USED.put("Scheduled restart", "scheduled_restart");
        IF_USED.put("Tags", "tags");
    }

    /**
     * @param cluster the name shown
     * @param members of the document, in the order they are to be shown
     * @param extended all columns, also unused ones
     */
    static MemberRows of(
            String cluster, List<Map<String, Object>> members, boolean extended, Format format) {
        List<String> columns = new ArrayList<>(ALWAYS);
        IF_USED.forEach(
                (column, key) -> {
                    if (extended || members.stream().anyMatch(member -> isUsed(member, key))) {
                        columns.add(column);
                    }
                });
        boolean ports = portsMatter(members);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map<String, Object> member : members) {
            Map<String, Object> row = cells(cluster, member, ports, format);
            row.keySet().retainAll(columns);
            rows.add(row);
        }
        return new MemberRows(columns, rows);
    }

    private static boolean isUsed(Map<String, Object> member, String key) {
        Object value = member.get(key);
        return value != null
                && !Boolean.FALSE.equals(value)
                && !(value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static boolean portsMatter(List<Map<String, Object>> members) {
        Set<Object> hosts = new LinkedHashSet<>();
        for (Map<String, Object> member : members) {
            boolean other =
                    !Integer.valueOf(POSTGRES_PORT)
                            .equals(member.getOrDefault("port", POSTGRES_PORT));
            boolean seen = member.containsKey("host") && !hosts.add(member.get("host"));
            if (other || seen) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> cells(
            String cluster, Map<String, Object> member, boolean ports, Format format) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(CLUSTER, cluster);
        row.put(MEMBER, text(member, "name"));
        row.put("Host", host(member, ports));
        row.put("Role", title(text(member, "role")));
        row.put("State", text(member, "state"));
        row.put("TL", member.getOrDefault("timeline", ""));
        putPositions(row, member);
        row.put("Pending restart", isUsed(member, "pending_restart") ? "*" : "");
        row.put("Pending restart reason", pendingReason(member, format));
        row.put("Scheduled restart", scheduledRestart(member));
        row.put("Tags", tags(member, format));
        return row;
    }

    private static String host(Map<String, Object> member, boolean ports) {
        String host = text(member, "host");
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return ports && !host.isEmpty() && member.containsKey("port")
                ? shown + ":" + member.get("port")
                : host;
    }

    /** {@code sync_standby} becomes {@code Sync Standby}. */
    private static String title(String role) {
        return java.util.Arrays.stream(role.split("_"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static void putPositions(Map<String, Object> row, Map<String, Object> member) {
        String receive = "receive_";
        String replay = "replay_";
        boolean old = !isKnown(member, receive) && !isKnown(member, replay) && isKnown(member, "");
        if (old) {
            // Daemons before 4.1 publish one position only: what it means depends on the state.
            boolean streaming = text(member, "state").equals("streaming");
            receive = streaming ? "" : receive;
            replay = streaming ? replay : "";
        }
        row.put("Receive LSN", text(member, receive + "lsn"));
        row.put("Receive Lag", megabytes(member.get(receive + "lag")));
        row.put("Replay LSN", text(member, replay + "lsn"));
        row.put("Replay Lag", megabytes(member.get(replay + "lag")));
    }

    private static boolean isKnown(Map<String, Object> member, String prefix) {
        return member.get(prefix + "lag") instanceof Number;
    }

    private static Object megabytes(Object bytes) {
        return bytes instanceof Number number
                ? (Object) (long) Math.rint(number.longValue() / MEGABYTE)
                : "";
    }

    private static String pendingReason(Map<String, Object> member, Format format) {
        if (!(member.get("pending_restart_reason") instanceof Map<?, ?> reasons)) {
            return "";
        }
        return reasons.entrySet().stream()
                .map(reason -> reasonLine(reason, format))
                .collect(Collectors.joining("\n"));
    }

    private static String reasonLine(Map.Entry<?, ?> reason, Format format) {
        Map<?, ?> change = reason.getValue() instanceof Map<?, ?> map ? map : Map.of();
        String line =
                reason.getKey() + ": " + change.get("old_value") + "->" + change.get("new_value");
        return format.isBox() && line.length() > LONGEST_REASON
                ? reason.getKey() + ": [hidden - too long]"
                : line;
    }

    private static String scheduledRestart(Map<String, Object> member) {
        if (!(member.get("scheduled_restart") instanceof Map<?, ?> restart)) {
            return "";
        }
        Object version = restart.get("postgres_version");
        return restart.get("schedule") + (version == null ? "" : " if version < " + version);
    }

    private static Object tags(Map<String, Object> member, Format format) {
        if (!isUsed(member, "tags")) {
            return "";
        }
        Object tags = member.get("tags");
        return switch (format) {
            case PRETTY -> YamlText.block(tags).strip();
            case TSV, TOPOLOGY -> YamlText.flow(tags);
            case JSON, YAML, YML -> tags;
        };
    }

    private static String text(Map<String, Object> member, String key) {
        Object value = member.get(key);
        return value == null ? "" : value.toString();
    }
}
