package io.matriarch.dcs.raft.machine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link Out} wrote. */
final class In {
    private final ByteBuffer bytes;

    private In(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /**
     * @throws IllegalArgumentException if the bytes are not of this form, or some are left over
     */
    static <T> T read(byte[] bytes, Function<In, T> form) {
        In in = new In(bytes);
        try {
            T value = form.apply(in);
            if (in.bytes.hasRemaining()) {
                throw new IllegalArgumentException(in.bytes.remaining() + " bytes too many");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the bytes end too early", e);
        }
    }

    int tag() {
        return bytes.get();
    }

    long number() {
        return bytes.getLong();
    }

    int size() {
        int size = bytes.getInt();
        if (size < 0 || size > bytes.remaining()) {
            throw new IllegalArgumentException("a size of " + size + " bytes");
        }
        return size;
    }

    byte[] block() {
        byte[] block = new byte[size()];
        bytes.get(block);
        return block;
    }

    String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }

    Optional<String> maybe() {
        return tag() == 0 ? Optional.empty() : Optional.of(text());
    }

    static IllegalArgumentException unknown(String what, int tag) {
        return new IllegalArgumentException(
                "a " + what + " of kind " + tag + ", which this version does not know");
    }
}
