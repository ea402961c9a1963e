package io.matriarch.dcs.raft.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes the few types that the log, the replies and the snapshots are made of. */
final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Out tag(int tag) {
        bytes.write(tag);
        return this;
    }

    Out number(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    Out size(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(value >>> shift);
        }
        return this;
    }

    Out block(byte[] value) {
        size(value.length);
        bytes.writeBytes(value);
        return this;
    }

    Out text(String value) {
        return block(value.getBytes(StandardCharsets.UTF_8));
    }

    Out maybe(Optional<String> value) {
        tag(value.isPresent() ? 1 : 0);
        value.ifPresent(this::text);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
