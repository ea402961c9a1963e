package io.matriarch.spi;

import java.util.Objects;

/**
 * A member's own record.
 *
 * @param name the member
 * @param value its canonical text and fields
 * @param role the role in it, for stores that label by role
 * @param state the state in it, for stores that label by state
 */
public record MemberEntry(String name, Value value, String role, String state) {
    public MemberEntry {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(state, "state");
    }
}
