package io.kvd.simulator;

import io.kvd.core.base.Check;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.DirectoryRules;
import io.kvd.core.node.DirectoryRules.Completeness;
import io.kvd.core.node.DirectoryRules.FoundState;
import io.kvd.core.node.RestoredLog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * State directories in memory that behave as those without a WAL: a crash takes each back to a point between two
 * batches, at or after its last flush. They outlive their node. One thread, no clock.
 */
public final class MemoryStateStores implements StateStores {
    private final TreeMap<Generation, StateRows> directories = new TreeMap<>();

    /** The stores that were opened since the last crash, and are not closed. */
    private final List<MemoryStateStore> opened = new ArrayList<>();

    private record Generation(long groupId, long generation) implements Comparable<Generation> {
        @Override
        public int compareTo(Generation other) {
            int byGroup = Long.compare(groupId, other.groupId);
            return byGroup != 0 ? byGroup : Long.compare(generation, other.generation);
        }
    }

    @Override
    public StateStore open(long groupId, long generation) {
        StateRows rows = directories.computeIfAbsent(
                new Generation(groupId, generation), g -> new StateRows());
        checkNotOpen(groupId, generation);
        MemoryStateStore store =
                new MemoryStateStore(rows, "state %d/%d".formatted(groupId, generation));
        opened.add(store);
        return store;
    }

    /** The process is gone: every store, view and cursor is dead, and what comes back is drawn from {@code random}. */
    public void crash(RandomGenerator random) {
        opened.forEach(MemoryStateStore::kill);
        opened.clear();
        for (StateRows rows : directories.values()) {
            rows.crash(random);
        }
    }

    /** What a copy of all directories holds: what is durable in them now. */
    public MemoryStateStores copy() {
        MemoryStateStores copy = new MemoryStateStores();
        directories.forEach((generation, rows) -> copy.directories.put(generation, rows.copy()));
        return copy;
    }

    /** Which generations of the group exist, ascending. */
    public List<Long> generations(long groupId) {
        return directories.keySet().stream()
                .filter(g -> g.groupId() == groupId)
                .map(Generation::generation)
                .toList();
    }

    /**
     * As a start does, deletes the generations that the log does not name (P5).
     *
     * @throws StorageException REFUSED, as the rules say
     */
    public void accept(RestoredLog log) {
        List<FoundState> found = new ArrayList<>();
        for (Generation directory : directories.keySet()) {
            found.add(new FoundState(
                    directory.groupId(), directory.generation(), Completeness.WHOLE));
        }
        for (FoundState state : new DirectoryRules("memory", log).leftOver(found)) {
            delete(state.groupId(), state.generation());
        }
    }

    /** The generation's store, which is open. */
    MemoryStateStore opened(long groupId, long generation) {
        return openOf(groupId, generation)
                .orElseThrow(() -> new InvariantViolation(
                        "state %d/%d is not open".formatted(groupId, generation)));
    }

    /** A generation that comes from elsewhere; its rows are durable. */
    void put(long groupId, long generation, StateRows rows) {
        boolean isNew = directories.putIfAbsent(new Generation(groupId, generation), rows) == null;
        Check.that(isNew, "state %d/%d is there already", groupId, generation);
    }

    @Override
    public void delete(long groupId, long generation) {
        checkNotOpen(groupId, generation);
        directories.remove(new Generation(groupId, generation));
    }

    private void checkNotOpen(long groupId, long generation) {
        Check.that(
                openOf(groupId, generation).isEmpty(), "state %d/%d is open", groupId, generation);
    }

    private Optional<MemoryStateStore> openOf(long groupId, long generation) {
        opened.removeIf(MemoryStateStore::isClosed);
        return Optional.ofNullable(directories.get(new Generation(groupId, generation)))
                .flatMap(rows ->
                        opened.stream().filter(store -> store.isOf(rows)).findFirst());
    }
}
