package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotations of one kind of entry. Those of the peer carry the value: one text, or one
 * annotation for each field. Two of our own, which the peer ignores, stand beside them:
 *
 * <ul>
 *   <li>{@code matriarch.io/KIND}, the stamp, is new with each of our writes. It makes a write of
 *       the same text a change, and tells a writer whose reply was lost that its write arrived.
 *   <li>{@code matriarch.io/KIND-text} keeps a value that has no fields and is not {@code {}}; it
 *       counts only while there is no field.
 * </ul>
 */
enum Layout {
    INITIALIZE(EntryKind.INITIALIZE),
    CONFIG(EntryKind.CONFIG),
    HISTORY(EntryKind.HISTORY),
    FAILSAFE(EntryKind.FAILSAFE),
    STATUS(EntryKind.STATUS, "optime", "slots", "retain_slots"),
    FAILOVER(EntryKind.FAILOVER, "leader", "member", "scheduled_at"),
    SYNC(EntryKind.SYNC, "leader", "quorum", "sync_standby");

    private static final String PREFIX = "matriarch.io/";
    private static final int DIGEST_BYTES = 12;

    /** What a value without a field and without a text of its own reads as. */
    private static final String NOTHING = "{}";

    private final EntryKind kind;
    private final List<String> fields;
    private final String stamp;
    private final String plain;

    Layout(EntryKind kind, String... fields) {
        this.kind = kind;
        this.fields = List.of(fields);
        this.stamp = PREFIX + kind.key();
        this.plain = fields.length == 0 ? kind.key() : stamp + "-text";
    }

    /**
     * @throws IllegalArgumentException for the leader and the members, which are not written as
     *     entries
     */
    static Layout of(EntryKind kind) {
        for (Layout layout : values()) {
            if (layout.kind == kind) {
                return layout;
            }
        }
        throw new IllegalArgumentException(kind + " is written by lease and touch only");
    }

    EntryKind kind() {
        return kind;
    }

    /** The text of the entry, or empty if there is none. */
    Optional<String> text(Map<String, String> annotations) {
        if (fields.isEmpty()) {
            return Optional.ofNullable(annotations.get(plain));
        }
        if (fields.stream().anyMatch(annotations::containsKey)) {
            return Optional.of(Json.compact(assembled(annotations)));
        }
        return Optional.ofNullable(annotations.get(plain))
                .or(() -> Optional.ofNullable(annotations.get(stamp)).map(s -> NOTHING));
    }

    private JsonNode assembled(Map<String, String> annotations) {
        ObjectNode node = Json.object();
        for (String field : fields) {
            String text = annotations.get(field);
            if (text != null) {
                node.set(field, this == FAILOVER ? node.stringNode(text) : typed(field, text));
            } else if (this == SYNC && field.equals("quorum")) {
                node.put(field, 0);
            } else if (this == SYNC) {
                node.putNull(field);
            }
        }
        return node;
    }

    /** Numbers and nested values are kept as text; what is not JSON is left as it is. */
    private static JsonNode typed(String field, String text) {
        switch (field) {
            case "optime":
            case "quorum":
            case "slots":
            case "retain_slots":
                return Json.tryParse(text).orElseGet(() -> Json.object().stringNode(text));
            default:
                return Json.object().stringNode(text);
        }
    }

    /**
     * What to make of the annotations so that they carry a value, or none; an empty value removes.
     *
     * @param mark the new stamp, unique to this write
     */
    Map<String, Optional<String>> changes(Optional<Value> value, String mark) {
        Map<String, Optional<String>> changes = values(value);
        changes.put(stamp, value.map(v -> mark));
        return changes;
    }

    /** The same without a stamp, for what is written along with a renewal. */
    Map<String, Optional<String>> values(Optional<Value> value) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        if (fields.isEmpty()) {
            changes.put(plain, value.map(Value::text));
            return changes;
        }
        boolean inFields = false;
        for (String field : fields) {
            Optional<String> text = value.map(v -> v.fields().get(field));
            changes.put(field, text);
            inFields |= text.isPresent();
        }
        boolean plainly = !inFields && value.filter(v -> !v.text().equals(NOTHING)).isPresent();
        changes.put(plain, plainly ? value.map(Value::text) : Optional.empty());
        return changes;
    }

    /** Whether this entry was last written by the write with this mark. */
    boolean carries(Map<String, String> annotations, String mark) {
        return mark.equals(annotations.get(stamp));
    }

    /** The version of the entry: of its own annotations, whatever else the object carries. */
    Optional<Version> version(Map<String, String> annotations) {
        return text(annotations)
                .map(text -> digest(List.of(text, annotations.getOrDefault(stamp, ""))));
    }

    static Version digest(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<byte[]> bytes = new ArrayList<>();
            parts.forEach(part -> bytes.add(part.getBytes(StandardCharsets.UTF_8)));
            for (byte[] part : bytes) {
                // The length keeps parts apart.
                digest.update((part.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(part);
            }
            return new Version(HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
