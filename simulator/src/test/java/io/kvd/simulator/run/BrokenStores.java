package io.kvd.simulator.run;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.kv.StateView;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.Run;
import io.kvd.simulator.MemoryLogStore;
import io.kvd.simulator.MemorySnapshots;
import io.kvd.simulator.MemoryStateStores;
import io.kvd.simulator.world.NodeStores;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A data directory that keeps all promises but one, which only a crash can show. */
final class BrokenStores implements NodeStores {
    private final MemoryLogStore log = new MemoryLogStore();
    private final MemoryStateStores states = new MemoryStateStores();
    private final MemorySnapshots snapshots = new MemorySnapshots(states);
    private final Promise broken;

    /** What is not so. */
    enum Promise {
        FLUSHED_IS_DURABLE,
        TERMS_ARE_REMEMBERED
    }

    BrokenStores(Promise broken) {
        this.broken = broken;
    }

    @Override
    public LogStore log() {
        return broken == Promise.TERMS_ARE_REMEMBERED ? new ForgetfulLog(log) : log;
    }

    @Override
    public StateStores states() {
        return broken == Promise.FLUSHED_IS_DURABLE ? new UnflushedStates(states) : states;
    }

    @Override
    public SnapshotStore snapshots() {
        return snapshots;
    }

    @Override
    public void accept(RestoredLog restored) {
        states.accept(restored);
        snapshots.crash();
    }

    @Override
    public void crash(RandomGenerator random) {
        log.crash();
        states.crash(random);
    }

    @Override
    public boolean damage(long groupId, long index) {
        return false;
    }

    @Override
    public Optional<NodeStores> copy() {
        return Optional.empty();
    }

    @Override
    public void close() {
        log.crash();
    }

    private record ForgetfulLog(LogStore store) implements LogStore {
        @Override
        public RestoredLog restore() {
            RestoredLog found = store.restore();
            return new RestoredLog(
                    found.node(),
                    found.groups().stream().map(ForgetfulLog::inEarlierTerm).toList());
        }

        private static RestoredGroup inEarlierTerm(RestoredGroup group) {
            return new RestoredGroup(
                    group.groupId(),
                    new HardState(Math.max(1, group.hardState().term() - 1), NodeId.NONE),
                    group.group(),
                    group.last(),
                    group.lastLogTimeMs(),
                    group.termStarts(),
                    group.tail(),
                    group.marks());
        }

        @Override
        public void write(LogBatch batch) {
            store.write(batch);
        }

        @Override
        public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
            return store.load(groupId, fromIndex, toIndex, maxBytes);
        }

        @Override
        public long sizeBytes(long groupId) {
            return store.sizeBytes(groupId);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private record UnflushedStates(StateStores stores) implements StateStores {
        @Override
        public StateStore open(long groupId, long generation) {
            return new UnflushedState(stores.open(groupId, generation));
        }

        @Override
        public void delete(long groupId, long generation) {
            stores.delete(groupId, generation);
        }
    }

    private record UnflushedState(StateStore store) implements StateStore {
        @Override
        public Optional<Bytes> get(Bytes key) {
            return store.get(key);
        }

        @Override
        public List<Optional<Bytes>> multiGet(List<Bytes> keys) {
            return store.multiGet(keys);
        }

        @Override
        public void write(StateBatch batch) {
            store.write(batch);
        }

        @Override
        public StateView view() {
            return store.view();
        }

        @Override
        public Optional<StateView> viewIfOpen() {
            return store.viewIfOpen();
        }

        @Override
        public boolean closeIfUnused() {
            return store.closeIfUnused();
        }

        @Override
        public void flush() {
            // Says it did.
        }

        @Override
        public Size size() {
            return store.size();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
