package io.matriarch.engine.codec;

import java.util.Locale;

/** The replication slot that belongs to a member. */
public final class SlotName {
    /** PostgreSQL's NAMEDATALEN less the closing zero. */
    private static final int LONGEST = 63;

    private SlotName() {}

    /**
     * Lower case; {@code -} and {@code .} become {@code _}, any other character that a slot name
     * cannot hold becomes {@code u} and its code point.
     */
    public static String of(String member) {
        StringBuilder name = new StringBuilder();
        member.toLowerCase(Locale.ROOT).codePoints().forEach(c -> append(name, c));
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name.toString();
    }

    private static void append(StringBuilder name, int c) {
        if (c == '-' || c == '.') {
            name.append('_');
        } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
            name.append((char) c);
        } else {
            name.append(String.format("u%04d", c));
        }
    }
}
