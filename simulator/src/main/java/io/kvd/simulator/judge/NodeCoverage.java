package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.Optional;
import java.util.TreeMap;

/** Notes what happens to nodes: births, crashes, halts, refusals. */
final class NodeCoverage implements Observer {
    private final World world;
    private final Ledger ledger;
    private final Coverage coverage;
    /** By node id: the last index that any of its processes applied. */
    private final TreeMap<Long, Long> applied = new TreeMap<>();

    NodeCoverage(World world, Ledger ledger, Coverage coverage) {
        this.world = world;
        this.ledger = ledger;
        this.coverage = coverage;
    }

    @Override
    public void started(NodeProcess process) {
        long before = applied.getOrDefault(process.host().id(), 0L);
        coverage.countIf(Sometimes.APPLIED_AGAIN, process.machine().applied().index() < before);
        judgeMajority();
    }

    @Override
    public void applied(NodeProcess process, NodeInput.Applied now) {
        applied.merge(process.host().id(), now.applied().index(), Math::max);
    }

    @Override
    public void ended(NodeProcess process) {
        Optional<RaftCore> raft = process.raft();
        if (raft.isEmpty()) {
            coverage.count(Sometimes.CRASHED_UNBORN);
            return;
        }
        boolean led = raft.get().role() == RoleName.LEADER;
        boolean hasOpen = raft.get().lastId().index() > raft.get().commitIndex();
        boolean crashed = process.host().life() == Host.Life.DOWN;
        coverage.countIf(Sometimes.CRASHED_AS_LEADER, crashed && led);
        coverage.countIf(Sometimes.CRASHED_WITH_OPEN_ENTRIES, crashed && led && hasOpen);
        coverage.countIf(
                Sometimes.CRASHED_AS_CANDIDATE, crashed && raft.get().role() == RoleName.CANDIDATE);
    }

    @Override
    public void wentDown(Host host) {
        switch (host.life()) {
            case HALTED -> coverage.count(Sometimes.HALTED);
            case STOPPED -> coverage.count(Sometimes.STOPPED);
            case REFUSED -> coverage.count(Sometimes.WIPED_REFUSED);
            case DAMAGED -> coverage.count(Sometimes.DAMAGE_REFUSED);
            case DOWN, UP -> {}
        }
        judgeMajority();
    }

    private void judgeMajority() {
        int up = 0;
        boolean isLed = false;
        for (Host host : world.hosts()) {
            Optional<NodeProcess> process = host.process();
            up += process.isPresent() ? 1 : 0;
            isLed |= process.flatMap(NodeProcess::raft)
                    .map(raft -> raft.role() == RoleName.LEADER)
                    .orElse(false);
        }
        int members = world.hosts().size();
        coverage.countIf(Sometimes.ALL_DOWN, up == 0);
        coverage.countIf(
                Sometimes.BARE_MAJORITY_LED, isLed && members > 1 && up == members / 2 + 1);
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.Born) {
            coverage.countIf(Sometimes.BORN_LATER, ledger.committed().last() > 1);
        } else if (event instanceof NodeEvents.StoreRefused refused) {
            coverage.countIf(
                    Sometimes.STRANGER_IGNORED, refused.side() == NodeEvents.Side.REFUSING);
        }
    }
}
