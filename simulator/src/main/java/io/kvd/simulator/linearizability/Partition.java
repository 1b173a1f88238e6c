package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Operations that no other operation of the history shares an object with. A history is linearizable exactly if each of
 * its partitions is (Herlihy and Wing 1990, locality), so each is judged by itself. Operations on single keys are parted
 * by key; ranges and batches tie the keys together that they touch. Revisions count the changes of the whole store: a
 * history that tells any is one partition.
 *
 * @param keys that the history names, ascending
 * @param invocations in the history's order
 */
record Partition(List<Bytes> keys, List<Invocation> invocations) {
    /** Of a range in which no key lies that the history names. */
    private static final int NO_KEY = -1;

    /** What failed, and what only read and was not answered, neither changed nor says anything, and is left out. */
    static List<Partition> of(List<Invocation> all) {
        List<Invocation> history = all.stream().filter(Partition::matters).toList();
        if (history.stream().anyMatch(Revisions::areToldBy)) {
            return List.of(new Partition(keys(history), history));
        }
        Keys keys = new Keys(keys(history));
        Groups groups = new Groups(keys.ascending.size());
        int[] firstKeys = new int[history.size()];
        for (int i = 0; i < firstKeys.length; i++) {
            int[] touched = keys.touched(history.get(i));
            firstKeys[i] = touched.length == 0 ? NO_KEY : touched[0];
            for (int key : touched) {
                groups.join(touched[0], key);
            }
        }
        List<Partition> partitions = new ArrayList<>();
        Partition[] byRoot = new Partition[keys.ascending.size()];
        for (int key = 0; key < byRoot.length; key++) {
            if (groups.root(key) == key) {
                byRoot[key] = new Partition(new ArrayList<>(), new ArrayList<>());
                partitions.add(byRoot[key]);
            }
        }
        for (int key = 0; key < byRoot.length; key++) {
            byRoot[groups.root(key)].keys.add(keys.ascending.get(key));
        }
        for (int i = 0; i < firstKeys.length; i++) {
            if (firstKeys[i] == NO_KEY) {
                partitions.add(new Partition(List.of(), List.of(history.get(i))));
            } else {
                byRoot[groups.root(firstKeys[i])].invocations.add(history.get(i));
            }
        }
        return partitions;
    }

    /** The keys that the operations name, ascending. */
    static List<Bytes> keys(List<Invocation> history) {
        Set<Bytes> named = new HashSet<>();
        history.forEach(invocation -> addNamed(invocation, named));
        return named.stream().sorted().toList();
    }

    private static boolean matters(Invocation invocation) {
        return invocation.outcome() instanceof Invocation.Ok
                || (invocation.outcome() instanceof Invocation.Unknown
                        && !invocation.operation().isRead());
    }

    private static void addNamed(Invocation invocation, Set<Bytes> named) {
        for (Operation part : parts(invocation.operation())) {
            if (!(part instanceof Operation.Range)) {
                named.add(key(part));
            }
        }
        if (invocation.outcome() instanceof Invocation.Ok ok
                && ok.response() instanceof Response.Rows rows) {
            rows.rows().forEach(row -> named.add(row.key()));
        }
    }

    private static List<Operation> parts(Operation operation) {
        return operation instanceof Operation.Batch batch ? batch.parts() : List.of(operation);
    }

    private static Bytes key(Operation operation) {
        if (operation instanceof Operation.Get get) {
            return get.key();
        }
        if (operation instanceof Operation.Put put) {
            return put.key();
        }
        if (operation instanceof Operation.Append append) {
            return append.key();
        }
        if (operation instanceof Operation.Delete delete) {
            return delete.key();
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return cas.key();
        }
        throw new AssertionError("not an operation on one key: " + operation);
    }

    /** All keys by number, in their order. */
    private static final class Keys {
        private final List<Bytes> ascending;
        private final Map<Bytes, Integer> numbers = new HashMap<>();

        private Keys(List<Bytes> ascending) {
            this.ascending = ascending;
            for (Bytes key : ascending) {
                numbers.put(key, numbers.size());
            }
        }

        private int[] touched(Invocation invocation) {
            if (!(invocation.operation() instanceof Operation.Range range)) {
                return parts(invocation.operation()).stream()
                        .mapToInt(part -> numbers.getOrDefault(key(part), NO_KEY))
                        .toArray();
            }
            int from = lowerBound(range.from());
            int to = range.end().isEmpty() ? ascending.size() : lowerBound(range.end());
            IntStream inRange = IntStream.range(from, to);
            if (invocation.outcome() instanceof Invocation.Ok ok
                    && ok.response() instanceof Response.Rows rows) {
                // A row outside of the range, too, so that its key is known where it is refused.
                return IntStream.concat(
                                inRange,
                                rows.rows().stream()
                                        .mapToInt(row -> numbers.getOrDefault(row.key(), NO_KEY)))
                        .toArray();
            }
            return inRange.toArray();
        }

        private int lowerBound(Bytes key) {
            int at = Collections.binarySearch(ascending, key);
            return at >= 0 ? at : -at - 1;
        }
    }

    /** Disjoint sets of numbers. */
    private static final class Groups {
        private final int[] parents;

        private Groups(int count) {
            this.parents = new int[count];
            Arrays.setAll(parents, i -> i);
        }

        private int root(int number) {
            int at = number;
            while (parents[at] != at) {
                parents[at] = parents[parents[at]];
                at = parents[at];
            }
            return at;
        }

        private void join(int first, int second) {
            parents[root(first)] = root(second);
        }
    }
}
