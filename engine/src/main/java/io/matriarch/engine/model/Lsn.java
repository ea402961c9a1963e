package io.matriarch.engine.model;

/**
 * A position in the WAL, in bytes. Compares unsigned and prints as PostgreSQL does ({@code
 * 16/B374D848}).
 */
public record Lsn(long bytes) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    /** Parses {@code H/L}. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        return new Lsn(
                (Long.parseLong(text.substring(0, slash), 16) << 32)
                        | Long.parseLong(text.substring(slash + 1), 16));
    }

    public boolean isZero() {
        return bytes == 0;
    }

    public boolean after(Lsn other) {
        return compareTo(other) > 0;
    }

    public Lsn max(Lsn other) {
        return after(other) ? this : other;
    }

    /** Bytes by which this position is ahead of the other; negative if behind. */
    public long minus(Lsn other) {
        return bytes - other.bytes;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return Long.toHexString(bytes >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(bytes & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
