package io.matriarch.engine.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as PostgreSQL's configuration writes them: optional sign, {@code 0x} hexadecimal, a
 * leading {@code 0} for octal, decimals, and a unit whose case matters.
 */
public final class GucNumber {
    private static final Pattern NUMBER =
            Pattern.compile(
                    "\\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]+(?![0-9.eE])"
                            + "|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
                            + "\\s*([A-Za-z]*)\\s*");
    private static final Pattern BASE = Pattern.compile("([0-9]*)([A-Za-z]+)");
    private static final Map<String, Double> BYTES =
            Map.of(
                    "B", 1.0,
                    "kB", 1024.0,
                    "MB", 1048576.0,
                    "GB", 1073741824.0,
                    "TB", 1099511627776.0);
    private static final Map<String, Double> MICROSECONDS =
            Map.of(
                    "us", 1.0,
                    "ms", 1e3,
                    "s", 1e6,
                    "min", 6e7,
                    "h", 3.6e9,
                    "d", 8.64e10);

    private GucNumber() {}

    /**
     * A whole number of base units, rounded half to even.
     *
     * @param base {@code kB}, {@code 8kB}, {@code ms} ...; empty text if the setting has no unit
     * @return empty if the text is no number, or has a unit that does not fit the base
     */
    public static Optional<Long> integer(String text, String base) {
        return real(text, base)
                .map(Math::rint)
                .filter(value -> Math.abs(value) < 9.2e18)
                .map(Double::longValue);
    }

    /** Like {@link #integer}, but not rounded. */
    public static Optional<Double> real(String text, String base) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double number = magnitude(matcher.group(2)) * (matcher.group(1).equals("-") ? -1 : 1);
        String unit = matcher.group(3);
        return unit.isEmpty()
                ? Optional.of(number)
                : factor(unit, base).map(factor -> number * factor);
    }

    private static double magnitude(String digits) {
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return new java.math.BigInteger(digits.substring(2), 16).doubleValue();
        }
        return digits.matches("0[0-7]+")
                ? new java.math.BigInteger(digits, 8).doubleValue()
                : Double.parseDouble(digits);
    }

    private static Optional<Double> factor(String unit, String base) {
        Matcher matcher = BASE.matcher(base);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double count = matcher.group(1).isEmpty() ? 1 : Double.parseDouble(matcher.group(1));
        Map<String, Double> family = BYTES.containsKey(unit) ? BYTES : MICROSECONDS;
        Double from = family.get(unit);
        Double to = family.get(matcher.group(2));
        return from == null || to == null ? Optional.empty() : Optional.of(from / (count * to));
    }

    /**
     * A number of base units in the largest unit that holds it exactly: 1024 of {@code kB} is
     * {@code 1MB}. Zero, and a base that is no unit, are shown as they are.
     */
    public static String display(long number, String base) {
        Matcher matcher = BASE.matcher(base);
        if (number == 0 || !matcher.matches()) {
            return Long.toString(number);
        }
        Map<String, Double> family = BYTES.containsKey(matcher.group(2)) ? BYTES : MICROSECONDS;
        Double one = family.get(matcher.group(2));
        if (one == null) {
            return Long.toString(number);
        }
        double count = matcher.group(1).isEmpty() ? 1 : Double.parseDouble(matcher.group(1));
        double total = number * count * one;
        return family.entrySet().stream()
                .filter(unit -> total % unit.getValue() == 0)
                .max(Map.Entry.comparingByValue())
                .map(unit -> Math.round(total / unit.getValue()) + unit.getKey())
                .orElse(Long.toString(number));
    }
}
