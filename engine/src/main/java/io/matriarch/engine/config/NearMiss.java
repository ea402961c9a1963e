package io.matriarch.engine.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what was probably meant by a word that nobody knows. */
public final class NearMiss {
    private NearMiss() {}

    /** The known word that was probably meant: at most two letters away, fewer for short words. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        int limit = Math.min(2, Math.max(1, word.length() / 3));
        return known.stream()
                .filter(other -> distance(word, other) <= limit)
                .min(
                        java.util.Comparator.<String>comparingInt(other -> distance(word, other))
                                .thenComparing(other -> other));
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best =
                Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
