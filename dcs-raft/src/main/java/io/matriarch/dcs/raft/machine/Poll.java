package io.matriarch.dcs.raft.machine;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The question of a listener to one member of the store: what changed?
 *
 * @param path the scope
 * @param since the log index up to which the listener knows, or -1 if it knows nothing
 * @param process the listener, whose own changes are not told
 * @param hold how long to wait for a change, in milliseconds
 */
public record Poll(String path, long since, String process, long hold) {
    public Poll {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(process, "process");
    }

    /** The bytes of the question. */
    public byte[] encode() {
        return new Out().text(path).number(since).text(process).number(hold).bytes();
    }

    /**
     * Reads a question.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Poll decode(byte[] bytes) {
        return In.read(bytes, in -> new Poll(in.text(), in.number(), in.text(), in.number()));
    }

    /**
     * The answer.
     *
     * @param upTo the log index up to which this tells; less than was asked for if the member lags
     * @param now the replicated clock, as this member knows it
     * @param everything whether anything may have changed, because the member has forgotten
     * @param keys what changed; empty if nothing did
     */
    public record News(long upTo, long now, boolean everything, Set<String> keys) {
        public News {
            keys = Set.copyOf(keys);
        }

        /** The bytes of the answer. */
        public byte[] encode() {
            Out out = new Out().number(upTo).number(now).tag(everything ? 1 : 0);
            out.size(keys.size());
            new TreeSet<>(keys).forEach(out::text);
            return out.bytes();
        }

        /**
         * Reads an answer.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static News decode(byte[] bytes) {
            return In.read(bytes, News::read);
        }

        private static News read(In in) {
            long upTo = in.number();
            long now = in.number();
            boolean everything = in.tag() == 1;
            Set<String> keys = new TreeSet<>();
            for (int left = in.size(); left > 0; left--) {
                keys.add(in.text());
            }
            return new News(upTo, now, everything, keys);
        }
    }
}
