package io.matriarch.engine.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of {@code pg_hba.conf}. An address without a mask, which PostgreSQL refuses together with
 * the whole file, means that one host.
 */
final class AccessRules {
    private static final String WORD = "(?:\"[^\"]*\"|[^\\s\",#])+";
    private static final String FIELD = WORD + "(?:,\\s*" + WORD + ")*";
    private static final Pattern LINE =
            Pattern.compile(
                    "(\\s*host\\w*\\s+"
                            + FIELD
                            + "\\s+"
                            + FIELD
                            + "\\s+)(\"?)([0-9a-fA-F.:]+)\\2(?=\\s|$)(.*)");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private AccessRules() {}

    /**
     * @param path where the lines stand, for the one warning
     */
    static List<String> normalised(List<String> lines, String path, List<String> warnings) {
        List<String> changed = new ArrayList<>();
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            String normalised = normalised(line);
            result.add(normalised);
            if (!normalised.equals(line)) {
                changed.add(line.trim());
            }
        }
        if (!changed.isEmpty()) {
            warnings.add(
                    path
                            + ": an address without a mask means one host, and gets /32 or /128: "
                            + String.join("; ", changed));
        }
        return List.copyOf(result);
    }

    private static String normalised(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return line;
        }
        String address = matcher.group(3);
        String rest = matcher.group(4);
        String next = rest.trim().split("\\s+", 2)[0];
        boolean masked = IPV4.matcher(next).matches() || IPV6.matcher(next).matches();
        String bits =
                IPV4.matcher(address).matches()
                        ? "/32"
                        : IPV6.matcher(address).matches() ? "/128" : "";
        return masked || bits.isEmpty() ? line : matcher.group(1) + address + bits + rest;
    }
}
