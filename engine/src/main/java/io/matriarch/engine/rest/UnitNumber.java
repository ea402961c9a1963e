package io.matriarch.engine.rest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers with a unit as PostgreSQL's settings write them: {@code 10MB}, {@code 0x10}, {@code
 * 1min}.
 */
final class UnitNumber {
    private static final Pattern HEX = Pattern.compile("([+-]?)0[xX]([0-9a-fA-F]+)\\s*([A-Za-z]*)");
    private static final Pattern OCTAL = Pattern.compile("([+-]?)0([0-7]+)\\s*([A-Za-z]*)");
    private static final Pattern DECIMAL =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*([A-Za-z]*)");
    private static final Map<String, BigDecimal> BYTES =
            Map.of(
                    "", BigDecimal.ONE,
                    "B", BigDecimal.ONE,
                    "kB", BigDecimal.valueOf(1L << 10),
                    "MB", BigDecimal.valueOf(1L << 20),
                    "GB", BigDecimal.valueOf(1L << 30),
                    "TB", BigDecimal.valueOf(1L << 40));
    private static final Map<String, BigDecimal> SECONDS =
            Map.of(
                    "",
                    BigDecimal.ONE,
                    "us",
                    new BigDecimal("0.000001"),
                    "ms",
                    new BigDecimal("0.001"),
                    "s",
                    BigDecimal.ONE,
                    "min",
                    BigDecimal.valueOf(60),
                    "h",
                    BigDecimal.valueOf(3600),
                    "d",
                    BigDecimal.valueOf(86400));

    private UnitNumber() {}

    /** Bytes; empty when the text is no such number. */
    static OptionalLong bytes(String text) {
        return parse(text.trim(), BYTES);
    }

    /** Seconds; empty when the text is no such number. */
    static OptionalLong seconds(String text) {
        return parse(text.trim(), SECONDS);
    }

    private static OptionalLong parse(String text, Map<String, BigDecimal> units) {
        Matcher hex = HEX.matcher(text);
        if (hex.matches()) {
            return radix(hex, 16, units);
        }
        Matcher octal = OCTAL.matcher(text);
        if (octal.matches()) {
            return radix(octal, 8, units);
        }
        Matcher decimal = DECIMAL.matcher(text);
        return decimal.matches()
                ? scaled(
                        new BigDecimal(decimal.group(1).toLowerCase(Locale.ROOT)),
                        decimal.group(2),
                        units)
                : OptionalLong.empty();
    }

    private static OptionalLong radix(Matcher match, int radix, Map<String, BigDecimal> units) {
        // 18 digits of base 16 do not fit; such a limit means nothing.
        if (match.group(2).length() > 15) {
            return OptionalLong.empty();
        }
        return scaled(
                BigDecimal.valueOf(Long.parseLong(match.group(1) + match.group(2), radix)),
                match.group(3),
                units);
    }

    private static OptionalLong scaled(
            BigDecimal number, String unit, Map<String, BigDecimal> units) {
        BigDecimal factor = units.get(unit);
        // An exponent beyond any size would make the multiplication itself expensive.
        if (factor == null || Math.abs((long) number.precision() - number.scale()) > 18) {
            return OptionalLong.empty();
        }
        BigDecimal value = number.multiply(factor).setScale(0, RoundingMode.HALF_EVEN);
        return value.toBigInteger().bitLength() > 62
                ? OptionalLong.empty()
                : OptionalLong.of(value.longValue());
    }
}
