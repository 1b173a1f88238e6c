package io.kvd.bench.profile;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the threads of a group did. */
final class ThreadProfile {
    private final TreeMap<Long, HotSpots.Mean> loads = new TreeMap<>();
    private final EnumMap<Kind, Samples> samples = new EnumMap<>(Kind.class);

    /** What a sampled thread was doing. The two are sampled at rates of their own, so their numbers don't compare. */
    enum Kind {
        JAVA,
        /** Within a native method: RocksDB's work, but also waiting for the network. */
        NATIVE
    }

    /** How often a method was seen. */
    record Count(String method, int samples) {}

    /** Samples by the innermost method, and by the innermost of our own. */
    private record Samples(Map<String, Integer> byTop, Map<String, Integer> byOwn) {}

    void ran(long threadId, double load) {
        loads.computeIfAbsent(threadId, id -> new HotSpots.Mean()).add(load);
    }

    void sampled(Kind kind, String top, String own) {
        Samples of =
                samples.computeIfAbsent(kind, k -> new Samples(new TreeMap<>(), new TreeMap<>()));
        of.byTop().merge(top, 1, Integer::sum);
        of.byOwn().merge(own, 1, Integer::sum);
    }

    /** Mean processor time of all of them together; 1 = all processors. */
    double load() {
        return loads.values().stream().mapToDouble(HotSpots.Mean::value).sum();
    }

    int count(Kind kind) {
        return of(kind).byTop().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The methods that were running, most often seen first. */
    List<Count> top(Kind kind, int limit) {
        return most(of(kind).byTop(), limit);
    }

    /** The methods of ours that were running or waiting for what they called. */
    List<Count> own(Kind kind, int limit) {
        return most(of(kind).byOwn(), limit);
    }

    private Samples of(Kind kind) {
        return samples.getOrDefault(kind, new Samples(Map.of(), Map.of()));
    }

    private static List<Count> most(Map<String, Integer> counts, int limit) {
        return counts.entrySet().stream()
                .map(count -> new Count(count.getKey(), count.getValue()))
                .sorted(Comparator.comparingInt(Count::samples)
                        .reversed()
                        .thenComparing(Count::method))
                .limit(limit)
                .toList();
    }
}
