package io.kvd.simulator.judge;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.NodeInput;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** At every index, whoever applied it has the same state. */
final class EqualStates extends Judge {
    /** By index: the hash after it. */
    private final List<Bytes> hashes = new ArrayList<>();
    /** By node id: how far its present process was compared. */
    private final TreeMap<Long, Long> compared = new TreeMap<>();

    EqualStates() {
        super("equal logs make equal states", "Raft §2, docs/semantics.md §2");
    }

    @Override
    public void started(NodeProcess process) {
        long index = process.machine().applied().index();
        compared.put(process.host().id(), index - 1);
        compare(process);
    }

    @Override
    public void applied(NodeProcess process, NodeInput.Applied applied) {
        compare(process);
    }

    private void compare(NodeProcess process) {
        KvStateMachine machine = process.machine();
        long last = machine.applied().index();
        long from = compared.getOrDefault(process.host().id(), last - 1) + 1;
        for (long index = from; index <= last; index++) {
            Bytes hash = machine.hashAt(index).orElse(Bytes.EMPTY);
            while (hashes.size() <= index) {
                hashes.add(Bytes.EMPTY);
            }
            Bytes known = hashes.get((int) index);
            if (known.isEmpty()) {
                hashes.set((int) index, hash);
            } else if (!hash.isEmpty()) {
                check(
                        known.equals(hash),
                        "%s has another state at index %d: %s, others %s",
                        process,
                        index,
                        hash,
                        known);
            }
        }
        compared.put(process.host().id(), last);
    }
}
