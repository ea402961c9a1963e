package io.matriarch.dcs.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The operations of one transaction: all take effect, or none. Immutable.
 *
 * <p>Consul leaves a key and its index alone when it is written as it stands. Guards need an index
 * that changes with each write, so each write also sets the key's flags, which nobody reads, to the
 * index that it replaces: no two successive writes of a key carry the same.
 */
record Txn(List<Op> ops) {
    private static final String DELETE = "delete-cas";

    /** One operation as Consul wants it. */
    record Op(JsonObject json) {}

    Txn {
        ops = List.copyOf(ops);
    }

    static Txn of(Op... ops) {
        return new Txn(List.of(ops));
    }

    Txn with(List<Op> more) {
        List<Op> all = new ArrayList<>(ops);
        all.addAll(more);
        return new Txn(all);
    }

    static Op set(String key, String text) {
        return op("set", key, Optional.of(text));
    }

    /** Writes if the key has this index; 0 stands for absent. */
    static Op cas(String key, String text, long index) {
        return indexed(flagged(op("cas", key, Optional.of(text)), index), index);
    }

    /** Passes also where there is no such key. */
    private static Op deleteCas(String key, long index) {
        return indexed(op(DELETE, key, Optional.empty()), index);
    }

    /** Deletes what is there with this index, and only that. */
    static List<Op> delete(String key, long index) {
        return List.of(unchanged(key, index), deleteCas(key, index));
    }

    static Op absent(String key) {
        return op("check-not-exists", key, Optional.empty());
    }

    static Op unchanged(String key, long index) {
        return indexed(op("check-index", key, Optional.empty()), index);
    }

    static Op heldBy(String key, String session) {
        return held(op("check-session", key, Optional.empty()), session);
    }

    /** Writes and takes the lock, unless another session holds it. */
    private static Op lock(String key, String text, String session, long replaced) {
        return held(flagged(op("lock", key, Optional.of(text)), replaced), session);
    }

    /**
     * Writes a key and binds it to a session, whichever holds it now, if it is as it was seen. A
     * key of another session is deleted and made anew: its lock cannot be handed over, and nobody
     * sees it missing.
     */
    static List<Op> bind(String key, String text, String session, Optional<Stored> seen) {
        long index = seen.map(Stored::index).orElse(0L);
        Op lock = lock(key, text, session, index);
        if (seen.isEmpty()) {
            return List.of(absent(key), lock);
        }
        boolean free = seen.get().session().isEmpty() || seen.get().heldBy(session);
        return free
                ? List.of(unchanged(key, index), lock)
                : List.of(unchanged(key, index), deleteCas(key, index), lock);
    }

    boolean deletes() {
        return ops.stream().anyMatch(op -> op.json().get("Verb").getAsString().equals(DELETE));
    }

    private static Op op(String verb, String key, Optional<String> text) {
        JsonObject json = new JsonObject();
        json.addProperty("Verb", verb);
        json.addProperty("Key", key);
        text.ifPresent(
                t ->
                        json.addProperty(
                                "Value",
                                Base64.getEncoder()
                                        .encodeToString(t.getBytes(StandardCharsets.UTF_8))));
        return new Op(json);
    }

    private static Op indexed(Op op, long index) {
        op.json().addProperty("Index", unsigned(index));
        return op;
    }

    private static Op flagged(Op op, long replaced) {
        op.json().addProperty("Flags", unsigned(replaced));
        return op;
    }

    private static BigInteger unsigned(long number) {
        return new BigInteger(Long.toUnsignedString(number));
    }

    private static Op held(Op op, String session) {
        op.json().addProperty("Session", session);
        return op;
    }

    String body() {
        JsonArray array = new JsonArray();
        for (Op op : ops) {
            JsonObject kv = new JsonObject();
            kv.add("KV", op.json());
            array.add(kv);
        }
        return array.toString();
    }

    /** How a transaction ended. */
    sealed interface End {}

    /**
     * @param index the newest of the keys that it wrote or whose guard it checked; a deletion
     *     leaves none of its own
     */
    record Done(long index) implements End {}

    /**
     * Nothing was changed.
     *
     * @param op the place of the first operation that did not pass
     * @param why in Consul's words
     */
    record Refused(int op, String why) implements End {
        boolean sessionGone() {
            return why.contains("invalid session");
        }

        /** Missing rights on a key are told like a guard that did not pass, with status 409. */
        boolean forbidden() {
            return why.contains("Permission denied");
        }
    }
}
