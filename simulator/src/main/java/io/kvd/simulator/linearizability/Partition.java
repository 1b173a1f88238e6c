package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Operations that no other operation of the history shares a key with. A history is linearizable exactly if each of its
 * partitions is (Herlihy and Wing 1990, locality), so each is judged by itself. Operations on single keys are parted by
 * key; ranges and batches tie the keys together that they touch.
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
        TreeMap<Bytes, Integer> numbers = new TreeMap<>();
        for (Invocation invocation : history) {
            addNamed(invocation, numbers);
        }
        int next = 0;
        for (Map.Entry<Bytes, Integer> entry : numbers.entrySet()) {
            entry.setValue(next++);
        }
        Groups groups = new Groups(numbers.size());
        int[] firstKeys = new int[history.size()];
        for (int i = 0; i < firstKeys.length; i++) {
            List<Integer> touched = touched(history.get(i), numbers);
            firstKeys[i] = touched.isEmpty() ? NO_KEY : touched.get(0);
            touched.forEach(key -> groups.join(touched.get(0), key));
        }
        Map<Integer, Partition> byRoot = new LinkedHashMap<>();
        numbers.forEach((key, number) -> byRoot.computeIfAbsent(
                        groups.root(number),
                        root -> new Partition(new ArrayList<>(), new ArrayList<>()))
                .keys
                .add(key));
        List<Partition> partitions = new ArrayList<>(byRoot.values());
        for (int i = 0; i < firstKeys.length; i++) {
            if (firstKeys[i] == NO_KEY) {
                partitions.add(new Partition(List.of(), List.of(history.get(i))));
            } else {
                // Every root has a key.
                byRoot.getOrDefault(groups.root(firstKeys[i]), partitions.get(0))
                        .invocations
                        .add(history.get(i));
            }
        }
        return partitions;
    }

    /** The keys that the operations name, ascending. */
    static List<Bytes> keys(List<Invocation> history) {
        TreeMap<Bytes, Integer> numbers = new TreeMap<>();
        history.forEach(invocation -> addNamed(invocation, numbers));
        return List.copyOf(numbers.keySet());
    }

    private static boolean matters(Invocation invocation) {
        return invocation.outcome() instanceof Invocation.Ok
                || (invocation.outcome() instanceof Invocation.Unknown
                        && !invocation.operation().isRead());
    }

    private static void addNamed(Invocation invocation, TreeMap<Bytes, Integer> numbers) {
        for (Operation part : parts(invocation.operation())) {
            if (!(part instanceof Operation.Range)) {
                numbers.put(key(part), 0);
            }
        }
        if (invocation.outcome() instanceof Invocation.Ok ok
                && ok.response() instanceof Response.Rows rows) {
            rows.rows().forEach(row -> numbers.put(row.key(), 0));
        }
    }

    private static List<Integer> touched(Invocation invocation, TreeMap<Bytes, Integer> numbers) {
        if (invocation.operation() instanceof Operation.Range range) {
            List<Integer> inRange = new ArrayList<>((range.end().isEmpty()
                            ? numbers.tailMap(range.from(), true)
                            : range.from().compareTo(range.end()) < 0
                                    ? numbers.subMap(range.from(), range.end())
                                    : new TreeMap<Bytes, Integer>())
                    .values());
            if (invocation.outcome() instanceof Invocation.Ok ok) {
                // A row outside of the range, too, so that its key is known where it is refused.
                ((Response.Rows) ok.response())
                        .rows()
                        .forEach(row -> inRange.addAll(
                                numbers.subMap(row.key(), true, row.key(), true).values()));
            }
            return inRange;
        }
        List<Integer> keys = new ArrayList<>();
        for (Operation part : parts(invocation.operation())) {
            keys.addAll(numbers.subMap(key(part), true, key(part), true).values());
        }
        return keys;
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
