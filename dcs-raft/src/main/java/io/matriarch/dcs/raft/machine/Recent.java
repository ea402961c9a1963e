package io.matriarch.dcs.raft.machine;

import java.util.Optional;
import java.util.TreeMap;

/** The latest replies to one process, so that a repeated request is answered and not done again. */
final class Recent {
    /** More than a process ever has under way at a time. */
    static final int KEPT = 64;

    final TreeMap<Long, byte[]> replies = new TreeMap<>();

    /** Whatever is not above this and not among the replies was forgotten. */
    long floor;

    /** Replicated time. */
    long used;

    Optional<byte[]> reply(long sequence) {
        return Optional.ofNullable(replies.get(sequence));
    }

    void keep(long sequence, byte[] reply, long now) {
        replies.put(sequence, reply);
        used = now;
        while (replies.size() > KEPT) {
            floor = Math.max(floor, replies.pollFirstEntry().getKey());
        }
    }
}
