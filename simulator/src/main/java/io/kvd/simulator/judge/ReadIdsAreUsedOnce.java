package io.kvd.simulator.judge;

import io.kvd.core.raft.Message;
import io.kvd.core.raft.ReadId;
import io.kvd.simulator.world.NodeProcess;

import java.util.Comparator;
import java.util.TreeMap;

/**
 * A node asks its leader for a read under an id that it never used before, in no earlier life either: a late answer to
 * the earlier question would confirm the later one.
 */
final class ReadIdsAreUsedOnce extends Judge {
    private static final Comparator<ReadId> ORDER =
            Comparator.comparingLong(ReadId::incarnation).thenComparingLong(ReadId::counter);

    /** By node id: the largest that was used. */
    private final TreeMap<Long, ReadId> used = new TreeMap<>();

    ReadIdsAreUsedOnce() {
        super("the id of a read is used once", "thesis §6.4");
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        if (message instanceof Message.ReadIndexRequest request) {
            for (ReadId id : request.reads()) {
                ReadId before = used.put(process.host().id(), id);
                check(
                        before == null || ORDER.compare(id, before) > 0,
                        "%s asks for %s after %s",
                        process,
                        id,
                        before);
            }
        }
    }
}
