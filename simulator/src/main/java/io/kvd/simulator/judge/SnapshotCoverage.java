package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeEvents.ReceiveStep;
import io.kvd.core.node.NodeEvents.SendStep;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;

/** Notes what becomes of snapshots in transfer. */
final class SnapshotCoverage implements Observer {
    private final Coverage coverage;
    private final PerNode<Boolean> sending = new PerNode<>(false);
    private final PerNode<Boolean> receiving = new PerNode<>(false);

    SnapshotCoverage(Coverage coverage) {
        this.coverage = coverage;
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        long nodeId = process.host().id();
        if (event instanceof NodeEvents.SnapshotSent sent) {
            sending.put(nodeId, sent.step() == SendStep.BEGUN);
            coverage.countIf(Sometimes.SENDER_GAVE_UP, sent.step() == SendStep.GIVEN_UP);
        } else if (event instanceof NodeEvents.SnapshotReceived received) {
            receiving.put(nodeId, received.step() == ReceiveStep.BEGUN);
            coverage.countIf(Sometimes.RECEIVER_GAVE_UP, received.step() == ReceiveStep.GIVEN_UP);
            coverage.countIf(
                    Sometimes.SNAPSHOT_INSTALLED, received.step() == ReceiveStep.INSTALLED);
        }
    }

    @Override
    public void ended(NodeProcess process) {
        long nodeId = process.host().id();
        coverage.countIf(Sometimes.CRASHED_SENDING, sending.get(nodeId));
        coverage.countIf(Sometimes.CRASHED_RECEIVING, receiving.get(nodeId));
        sending.remove(nodeId);
        receiving.remove(nodeId);
    }
}
