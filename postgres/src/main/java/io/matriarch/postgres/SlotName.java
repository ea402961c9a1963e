package io.matriarch.postgres;

import java.util.Locale;

/** The replication slot of a member: the same name on every node, whoever computes it. */
final class SlotName {
    private static final int LONGEST = 63;

    private SlotName() {}

    static String of(String member) {
        StringBuilder name = new StringBuilder();
        member.toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(
                        c -> {
                            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
                                name.appendCodePoint(c);
                            } else if (c == '-' || c == '.') {
                                name.append('_');
                            } else {
                                name.append(String.format(Locale.ROOT, "u%04d", c));
                            }
                        });
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name.toString();
    }
}
