package io.matriarch.engine.model;

import java.util.Optional;

/** What a member's PostgreSQL is, or is on its way to be, in the words of the member key. */
public enum Role {
    PRIMARY("primary"),
    STANDBY_LEADER("standby_leader"),
    REPLICA("replica"),
    /** A former primary that was stopped. */
    DEMOTED("demoted"),
    UNINITIALIZED("uninitialized"),
    /** Promotion was accepted but recovery has not ended; scripts see {@code primary}. */
    PROMOTED("promoted");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** The word given to callbacks. */
    public String callbackText() {
        return this == PROMOTED ? PRIMARY.text : text;
    }

    /** Accepts the old word {@code master}; empty for an unknown word. */
    public static Optional<Role> parse(String text) {
        if (text.equals("master")) {
            return Optional.of(PRIMARY);
        }
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
