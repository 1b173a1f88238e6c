package io.kvd.server.runtime.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what was meant by a mistyped name. */
final class NearestName {
    private NearestName() {}

    /**
     * The candidate that differs least, by letters inserted, left out, replaced or swapped; none if all differ in
     * more than a third of the name. The part after a candidate's last {@code separator} counts as its name, too.
     */
    static Optional<String> of(String name, List<String> candidates, char separator) {
        int limit = Math.max(2, name.length() / 3);
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate, separator)))
                .filter(candidate -> distance(name, candidate, separator) <= limit);
    }

    private static int distance(String name, String candidate, char separator) {
        String last = candidate.substring(candidate.lastIndexOf(separator) + 1);
        return Math.min(distance(name, candidate), distance(name, last));
    }

    /** Optimal string alignment distance, O(n·m); names are short. */
    static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, left, right, i, j);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int step(int[][] cost, String left, String right, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
