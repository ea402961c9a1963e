package io.matriarch.dcs.raft.machine;

import java.util.Objects;

/**
 * A change that may wake somebody.
 *
 * @param path the scope
 * @param key below the path; empty for the whole scope
 * @param kind what happened to it
 * @param process who asked for it; empty if the clock did
 */
public record Change(String path, String key, Kind kind, String process) {
    /** What happened to an entry. */
    public enum Kind {
        CREATED,
        REWRITTEN,
        DELETED
    }

    public Change {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(process, "process");
    }
}
