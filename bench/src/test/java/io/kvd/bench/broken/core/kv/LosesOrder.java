package io.kvd.bench.broken.core.kv;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Breaks rule 7 in as many ways as it has statements. */
@SuppressWarnings("all")
public final class LosesOrder {
    public static final int WAYS = 8;

    void all(List<String> list) {
        Set.of("a", "b");
        Set.copyOf(list);
        Map.of("a", "b");
        new HashMap<String, String>();
        Supplier<Set<String>> maker = HashSet::new;
        list.stream().collect(Collectors.toSet());
        list.stream().collect(Collectors.groupingBy(String::length));
        list.parallelStream();
    }
}
