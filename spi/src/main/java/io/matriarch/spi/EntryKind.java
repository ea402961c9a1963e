package io.matriarch.spi;

import java.util.Optional;

/**
 * What the store holds for a cluster: one entry of each kind, and one {@link #MEMBER} for each
 * member. A backend maps kinds to its own objects; {@link #key()} is the name that key-value stores
 * use.
 */
public enum EntryKind {
    /** Empty while somebody bootstraps, then the PostgreSQL system identifier. */
    INITIALIZE("initialize"),
    /** The dynamic configuration. */
    CONFIG("config"),
    /** The leader lease: the bare member name, bound to its holder's session. */
    LEADER("leader"),
    /** A member's own record, bound to its session. The key is {@code members/NAME}. */
    MEMBER("members/"),
    /** A requested switchover or failover. */
    FAILOVER("failover"),
    /** The members that hold every acknowledged commit. */
    SYNC("sync"),
    /** Past timelines. */
    HISTORY("history"),
    /** The leader's WAL position and slots. */
    STATUS("status"),
    /** Members that must agree before a leader goes on without the store. */
    FAILSAFE("failsafe");

    private final String key;

    EntryKind(String key) {
        this.key = key;
    }

    /** The key below the scope's path; for {@link #MEMBER} the folder, with its slash. */
    public String key() {
        return key;
    }

    /**
     * The kind that a key below the scope's path belongs to, or empty for a key that readers
     * ignore. {@code members/a} is a member, {@code members/a/b} is not.
     */
    public static Optional<EntryKind> ofKey(String relative) {
        if (relative.startsWith(MEMBER.key)) {
            String name = relative.substring(MEMBER.key.length());
            return name.isEmpty() || name.indexOf('/') >= 0
                    ? Optional.empty()
                    : Optional.of(MEMBER);
        }
        for (EntryKind kind : values()) {
            if (kind != MEMBER && kind.key.equals(relative)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
