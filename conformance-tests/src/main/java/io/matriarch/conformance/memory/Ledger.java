package io.matriarch.conformance.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the servers of a real store keep: keys with revisions, and sessions that end by time. Knows
 * no lock, no listener and no clock; {@link MemoryStore} adds these.
 *
 * <p>One revision counter serves versions, epochs and the answers to deletions. It never goes back,
 * not by deleting everything either, which is what makes rules V1 and L9 hold across a purge.
 */
final class Ledger {
    /** When a session ends unless it is kept alive, on the store's clock. */
    private record Session(long endsAt) {}

    private final TreeMap<String, Stored> records = new TreeMap<>();
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final List<String> changedKeys = new ArrayList<>();
    private long revision;
    private long sessionsOpened;

    Optional<Stored> get(String key) {
        return Optional.ofNullable(records.get(key));
    }

    /** All keys that start with {@code folder}, which ends in a slash. A live view. */
    SortedMap<String, Stored> below(String folder) {
        // The character after the slash is the first that no key of the folder can start with.
        return records.subMap(folder, folder.substring(0, folder.length() - 1) + (char) ('/' + 1));
    }

    Stored put(String key, String text, Optional<String> session) {
        revision++;
        long created = get(key).map(Stored::created).orElse(revision);
        Stored stored = new Stored(text, created, revision, session);
        records.put(key, stored);
        changedKeys.add(key);
        return stored;
    }

    /** Removes a key and answers with the revision of the removal, which no key ever carries. */
    long delete(String key) {
        revision++;
        if (records.remove(key) != null) {
            changedKeys.add(key);
        }
        return revision;
    }

    void deleteBelow(String folder) {
        new ArrayList<>(below(folder).keySet()).forEach(this::delete);
    }

    String openSession(Duration ttl, long now) {
        String id = "session-" + ++sessionsOpened;
        sessions.put(id, new Session(now + ttl.toNanos()));
        return id;
    }

    boolean isOpen(String session) {
        return sessions.containsKey(session);
    }

    /**
     * Postpones the end of a session to a full ttl from now. Never brings it forward: an owner
     * whose reply was lost still counts on the end that it was promised before a ttl was lowered
     * (L2).
     */
    void keepAlive(String session, Duration ttl, long now) {
        long wanted = now + ttl.toNanos();
        sessions.computeIfPresent(
                session, (id, old) -> old.endsAt() - wanted < 0 ? new Session(wanted) : old);
    }

    /** Ends a session and removes the keys bound to it. */
    void endSession(String session) {
        sessions.remove(session);
        List<String> bound =
                records.entrySet().stream()
                        .filter(record -> record.getValue().boundTo(session))
                        .map(Map.Entry::getKey)
                        .toList();
        bound.forEach(this::delete);
    }

    /** Ends the sessions whose time is over. */
    void expire(long now) {
        List<String> over =
                sessions.entrySet().stream()
                        .filter(session -> session.getValue().endsAt() - now <= 0)
                        .map(Map.Entry::getKey)
                        .toList();
        over.forEach(this::endSession);
    }

    OptionalLong nextExpiry() {
        return sessions.values().stream()
                .mapToLong(Session::endsAt)
                .reduce((a, b) -> a - b <= 0 ? a : b);
    }

    int openSessions() {
        return sessions.size();
    }

    /** The keys changed since the last call, oldest first. */
    List<String> takeChanges() {
        List<String> taken = List.copyOf(changedKeys);
        changedKeys.clear();
        return taken;
    }
}
