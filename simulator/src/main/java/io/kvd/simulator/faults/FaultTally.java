package io.kvd.simulator.faults;

import java.util.EnumMap;
import java.util.Map;

/** How often each kind of fault came to pass: took effect, not merely was planned. One thread. */
public final class FaultTally {
    private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);

    public void count(FaultKind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    public long of(FaultKind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    public void add(FaultTally other) {
        other.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    }
}
