package io.matriarch.dcs.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Reads and changes keys, in the words of Consul's key-value API. Safe for any thread. */
final class KeyValues {
    /** The query parameter by which the leader asks a quorum before it answers. */
    static final String CONSISTENT = "consistent";

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * The keys below a folder, of one moment.
     *
     * @param index of the newest change there; grows, but for a store that was set back and for
     *     deletions that Consul forgot
     */
    record Listing(Map<String, Stored> keys, long index) {}

    private final Calls calls;
    private final Freshness freshness;

    KeyValues(Calls calls, Freshness freshness) {
        this.calls = calls;
        this.freshness = freshness;
    }

    /** One key, as a quorum knows it. */
    Optional<Stored> get(String key, String what, Deadline deadline) {
        Ask ask = Ask.get("/v1/kv/" + Ask.encodedPath(key)).with(CONSISTENT);
        Answer answer = calls.call(what, Calls.Repeat.HARMLESS, ask, deadline);
        return Optional.ofNullable(listing(answer).keys().get(key));
    }

    static Ask list(String folder) {
        return Ask.get("/v1/kv/" + Ask.encodedPath(folder)).with("recurse");
    }

    /** What the answer to {@link #list} says. */
    static Listing listing(Answer answer) {
        if (answer.missing()) {
            return new Listing(Map.of(), answer.index());
        }
        if (!answer.ok()) {
            throw new StoreRejected(answer.toString());
        }
        return new Listing(parsed(answer, KeyValues::keys), answer.index());
    }

    private static Map<String, Stored> keys(JsonElement body) {
        Map<String, Stored> keys = new TreeMap<>();
        for (JsonElement each : body.getAsJsonArray()) {
            JsonObject key = each.getAsJsonObject();
            keys.put(
                    key.get("Key").getAsString(),
                    new Stored(
                            text(key.get("Value")),
                            index(key),
                            Optional.ofNullable(key.get("Session"))
                                    .map(JsonElement::getAsString)
                                    .filter(session -> !session.isEmpty())));
        }
        return keys;
    }

    /** An empty value comes as null. */
    private static String text(JsonElement value) {
        return value == null || value.isJsonNull()
                ? ""
                : new String(
                        Base64.getDecoder().decode(value.getAsString()), StandardCharsets.UTF_8);
    }

    private static long index(JsonObject key) {
        return Long.parseUnsignedLong(key.get("ModifyIndex").getAsString());
    }

    /** Carries out all operations or none. */
    Txn.End txn(String what, Calls.Repeat repeat, Txn txn, Deadline deadline) {
        Answer answer = calls.call(what, repeat, Ask.put("/v1/txn", txn.body()), deadline);
        if (answer.ok()) {
            Txn.Done done = done(what, answer);
            note(txn, done);
            return done;
        }
        if (answer.status() == 409) {
            Txn.Refused refused = parsed(answer, KeyValues::refused);
            if (refused.forbidden()) {
                throw Calls.forbidden(what, refused.why());
            }
            return refused;
        }
        throw new StoreRejected(answer.toString());
    }

    /** Waits a moment before a refused change is made anew on what the store holds now. */
    void pause(Deadline deadline) {
        calls.pause(PAUSE, deadline);
    }

    private void note(Txn txn, Txn.Done done) {
        if (txn.deletes()) {
            freshness.deleted();
        }
        freshness.wrote(done.index());
    }

    private static Txn.Done done(String what, Answer answer) {
        try {
            return parsed(answer, KeyValues::newest);
        } catch (StoreRejected e) {
            throw new DcsException.OutcomeUnknown(what + ": " + e.getMessage(), e);
        }
    }

    private static Txn.Done newest(JsonElement body) {
        long newest = 0;
        for (JsonElement result : array(body, "Results")) {
            JsonObject written = result.getAsJsonObject().getAsJsonObject("KV");
            if (Long.compareUnsigned(index(written), newest) > 0) {
                newest = index(written);
            }
        }
        return new Txn.Done(newest);
    }

    private static Txn.Refused refused(JsonElement body) {
        List<String> all = new ArrayList<>();
        int first = Integer.MAX_VALUE;
        for (JsonElement each : array(body, "Errors")) {
            JsonObject error = each.getAsJsonObject();
            first = Math.min(first, error.get("OpIndex").getAsInt());
            all.add(error.get("What").getAsString());
        }
        return new Txn.Refused(first, String.join("; ", all));
    }

    private static JsonArray array(JsonElement body, String name) {
        JsonElement array = body.getAsJsonObject().get(name);
        return array == null || array.isJsonNull() ? new JsonArray() : array.getAsJsonArray();
    }

    /** Whatever does not look like Consul's answer is none: a proxy may speak on that port. */
    private static <T> T parsed(Answer answer, Function<JsonElement, T> reading) {
        try {
            return reading.apply(JsonParser.parseString(answer.text()));
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ClassCastException e) {
            throw new StoreRejected("what answered is not Consul's API: " + answer);
        }
    }
}
