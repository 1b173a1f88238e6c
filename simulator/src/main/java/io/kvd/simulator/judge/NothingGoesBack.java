package io.kvd.simulator.judge;

import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeRecord;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;

/** On a member's disk the term, the log's start and the incarnation only grow, over crashes too. */
final class NothingGoesBack extends Judge {
    private final PerNode<Numbers> byNode = new PerNode<>(Numbers.NONE);

    /** By node id: the incarnation that it had when it ran last. */
    private final PerNode<Long> lives = new PerNode<>(0L);

    private record Numbers(long term, long logStart, long incarnation) {
        static final Numbers NONE = new Numbers(0, 0, 0);
    }

    NothingGoesBack() {
        super("terms, log starts and incarnations never go back", "Raft §5.1, Figure 2");
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        Numbers before = byNode.get(process.host().id());
        long term = before.term();
        long logStart = before.logStart();
        long incarnation = before.incarnation();
        for (NodeRecord record : batch.node()) {
            incarnation = record.incarnation();
        }
        for (LogBatch.GroupWrite write : batch.groups()) {
            term = write.hardState().term();
            for (GroupRecord group : write.group()) {
                logStart = group.logStart().index();
            }
        }
        Numbers after = new Numbers(term, logStart, incarnation);
        check(
                term >= before.term()
                        && logStart >= before.logStart()
                        && incarnation >= before.incarnation(),
                "%s went from %s to %s",
                process,
                before,
                after);
        byNode.put(process.host().id(), after);
    }

    /** Each life has an incarnation of its own: ids of an earlier one can't be taken for this one's. */
    @Override
    public void started(NodeProcess process) {
        Numbers now = byNode.get(process.host().id());
        long incarnation = process.identity().incarnation();
        long lived = lives.get(process.host().id());
        lives.put(process.host().id(), incarnation);
        check(
                incarnation == now.incarnation() && incarnation > lived,
                "%s lives its life %d after %s, its disk says %d",
                process,
                incarnation,
                lived,
                now.incarnation());
    }

    @Override
    public void wiped(Host host) {
        byNode.remove(host.id());
        lives.remove(host.id());
    }
}
