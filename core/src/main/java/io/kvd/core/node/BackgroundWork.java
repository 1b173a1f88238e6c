package io.kvd.core.node;

import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.LoadRequest;
import io.kvd.core.raft.LoadedEntries;

/** Disk work that nobody may wait for on a loop's thread. One call at a time, on the background thread. */
public final class BackgroundWork {
    private final LogStore log;
    private final StateStore state;

    public BackgroundWork(LogStore log, StateStore state) {
        this.log = log;
        this.state = state;
    }

    public NodeInput load(Work.Load work) {
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

    public NodeInput flush(Work.Flush work) {
        // Read before the flush begins: what is written while it runs may or may not be in it (P4).
        EntryId applied;
        try (StateView view = state.view()) {
            applied = KvStateMachine.appliedIn(view);
        }
        state.flush();
        return new NodeInput.Flushed(work.groupId(), applied.index());
    }
}
