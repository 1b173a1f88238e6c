package io.kvd.simulator.judge;

import java.util.EnumMap;
import java.util.Map;

/** How often what must happen sometimes happened. One thread. */
public final class Coverage {
    private final Map<Sometimes, Long> counts = new EnumMap<>(Sometimes.class);

    public void count(Sometimes what) {
        counts.merge(what, 1L, Long::sum);
    }

    void countIf(Sometimes what, boolean happened) {
        if (happened) {
            count(what);
        }
    }

    public long of(Sometimes what) {
        return counts.getOrDefault(what, 0L);
    }

    public void add(Coverage other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }
}
