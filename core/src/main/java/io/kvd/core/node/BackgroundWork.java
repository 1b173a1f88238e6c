package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.kv.StateView;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.LoadRequest;
import io.kvd.core.raft.LoadedEntries;

import java.util.List;

/** Disk work that nobody may wait for on a loop's thread. One call at a time, on the background thread. */
public final class BackgroundWork {
    private final LogStore log;
    private final LiveState state;
    private final StateStores states;
    private final SnapshotStore snapshots;

    public BackgroundWork(
            LogStore log, LiveState state, StateStores states, SnapshotStore snapshots) {
        this.log = log;
        this.state = state;
        this.states = states;
        this.snapshots = snapshots;
    }

    /** Does it. Returns the answers to the node loop. */
    public List<NodeInput> run(Work.Background work) {
        if (work instanceof Work.Load load) {
            return List.of(load(load));
        } else if (work instanceof Work.Flush flush) {
            return List.of(flush(flush));
        } else if (work instanceof Work.Retire retire) {
            return retire(retire);
        } else if (work instanceof SnapshotWork snapshot) {
            return run(snapshot);
        }
        throw new AssertionError("unhandled " + work);
    }

    private NodeInput load(Work.Load work) {
        LoadRequest request = work.request();
        return new NodeInput.EntriesLoaded(
                work.groupId(),
                new LoadedEntries(
                        request,
                        log.load(
                                work.groupId(),
                                request.fromIndex(),
                                request.toIndex(),
                                request.maxBytes())));
    }

    private NodeInput flush(Work.Flush work) {
        // Not closed before this thread is told to retire it.
        StateStore live = state.store();
        // Read before the flush begins: what is written while it runs may or may not be in it (P4).
        EntryId applied;
        try (StateView view = live.view()) {
            applied = KvStateMachine.appliedIn(view);
        }
        live.flush();
        return new NodeInput.Flushed(work.groupId(), applied.index());
    }

    private List<NodeInput> retire(Work.Retire work) {
        if (!work.state().store().closeIfUnused()) {
            return List.of(new NodeInput.StillRead(work.groupId(), work.state()));
        }
        states.delete(work.groupId(), work.state().generation());
        return List.of();
    }

    private List<NodeInput> run(SnapshotWork work) {
        if (work instanceof SnapshotWork.Make make) {
            SnapshotManifest manifest =
                    snapshots.make(make.shipment(), make.groupId(), make.generation());
            return List.of(new NodeInput.SnapshotMade(make.groupId(), make.shipment(), manifest));
        } else if (work instanceof SnapshotWork.Read read) {
            Bytes bytes = snapshots.read(read.shipment(), read.position(), read.maxBytes());
            int checksum = new Crc32c().update(bytes).value();
            return List.of(new NodeInput.ChunkRead(
                    read.groupId(), read.shipment(), read.position(), checksum, bytes));
        } else if (work instanceof SnapshotWork.Release release) {
            snapshots.release(release.shipment());
            return List.of();
        } else if (work instanceof SnapshotWork.Receive receive) {
            return List.of(receive(receive));
        } else if (work instanceof SnapshotWork.Write write) {
            snapshots.write(write.groupId(), write.position(), write.bytes());
            return List.of(new NodeInput.ChunkWritten(
                    write.groupId(),
                    write.receipt(),
                    write.position() + write.bytes().length()));
        } else if (work instanceof SnapshotWork.Stage stage) {
            return List.of(stage(stage));
        } else if (work instanceof SnapshotWork.Abandon abandon) {
            snapshots.abandon(abandon.groupId());
            return List.of();
        } else if (work instanceof SnapshotWork.Drop drop) {
            states.delete(drop.groupId(), drop.generation());
            return List.of();
        }
        throw new AssertionError("unhandled " + work);
    }

    private NodeInput receive(SnapshotWork.Receive work) {
        try {
            snapshots.receive(work.groupId(), work.manifest());
        } catch (UnusableSnapshotException e) {
            return new NodeInput.SnapshotStaged(
                    work.groupId(), work.receipt(), 0, String.valueOf(e.getMessage()));
        }
        return new NodeInput.ChunkWritten(work.groupId(), work.receipt(), 0);
    }

    private NodeInput stage(SnapshotWork.Stage work) {
        String unusable = "";
        try {
            snapshots.stage(work.groupId(), work.generation());
        } catch (UnusableSnapshotException e) {
            unusable = String.valueOf(e.getMessage());
        }
        return new NodeInput.SnapshotStaged(
                work.groupId(), work.receipt(), work.generation(), unusable);
    }
}
