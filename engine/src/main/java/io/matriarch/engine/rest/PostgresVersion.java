package io.matriarch.engine.rest;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PostgreSQL version as an operator writes it.
 *
 * @param number as in server_version_num; empty if the text is unusable
 * @param problem why it is, in the peer's words
 */
public record PostgresVersion(Optional<Integer> number, Optional<String> problem) {
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,4}(\\.\\d{1,4})*");

    /** {@code X.Y} from 10 on, {@code X.Y.Z} before. */
    public static PostgresVersion parse(String text) {
        if (!NUMBERS.matcher(text).matches()) {
            return new PostgresVersion(
                    Optional.empty(), Optional.of("Invalid PostgreSQL version: " + text));
        }
        String[] parts = text.split("\\.");
        int major = Integer.parseInt(parts[0]);
        if (parts.length < 2 || parts.length > 3 || parts.length == 2 && major < 10) {
            return new PostgresVersion(
                    Optional.empty(),
                    Optional.of(
                            "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: "
                                    + text));
        }
        int middle = parts.length == 3 ? Integer.parseInt(parts[1]) : 0;
        int last = Integer.parseInt(parts[parts.length - 1]);
        return new PostgresVersion(
                Optional.of(major * 10000 + middle * 100 + last), Optional.empty());
    }
}
