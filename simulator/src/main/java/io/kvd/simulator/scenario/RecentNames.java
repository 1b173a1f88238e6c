package io.kvd.simulator.scenario;

import java.util.LinkedHashSet;

/** The newest of the names that came, so many of them. */
final class RecentNames {
    private final int max;
    private final LinkedHashSet<String> names = new LinkedHashSet<>();

    RecentNames(int max) {
        this.max = max;
    }

    /** False if it is one of them already. */
    boolean add(String name) {
        if (!names.add(name)) {
            return false;
        }
        if (names.size() > max) {
            names.remove(names.iterator().next());
        }
        return true;
    }
}
