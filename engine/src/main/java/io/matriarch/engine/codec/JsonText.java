package io.matriarch.engine.codec;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Writes JSON the way the peer's serializer does: everything outside printable ASCII as escapes
 * with lower-case digits, keys in their order, whole doubles with {@code .0}. Jackson's generator
 * differs in the case of the digits and in what it escapes, and both would show in byte
 * comparisons.
 */
final class JsonText {
    private final StringBuilder out = new StringBuilder();
    private final String betweenItems;
    private final String afterKey;

    JsonText(String betweenItems, String afterKey) {
        this.betweenItems = betweenItems;
        this.afterKey = afterKey;
    }

    JsonText append(Object value) {
        if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> items) {
            array(items);
        } else if (value instanceof Double || value instanceof Float) {
            real(((Number) value).doubleValue());
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else {
            text(value.toString());
        }
        return this;
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(afterKey);
            append(entry.getValue());
            separator = betweenItems;
        }
        out.append('}');
    }

    private void array(Iterable<?> items) {
        out.append('[');
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            append(item);
            separator = betweenItems;
        }
        out.append(']');
    }

    private void real(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON cannot hold the number " + value);
        }
        double size = Math.abs(value);
        boolean plain = value == 0 || size >= 1e-4 && size < 1e16;
        out.append(plain ? plain(value) : scientific(value));
    }

    private static String plain(double value) {
        String digits = new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return digits.contains(".") ? digits : digits + ".0";
    }

    /** {@code 1.0E-7} as {@code 1e-07}, {@code 1.5E20} as {@code 1.5e+20}. */
    private static String scientific(double value) {
        String[] parts = Double.toString(value).split("E");
        int exponent = Integer.parseInt(parts[1]);
        String mantissa = parts[0].replaceFirst("\\.0$", "");
        return mantissa + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private void text(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            character(value.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
                if (c >= ' ' && c <= '~') {
                    out.append(c);
                } else {
                    out.append(String.format("\\u%04x", (int) c));
                }
            }
        }
    }

    /** What was written so far. */
    @Override
    public String toString() {
        return out.toString();
    }
}
