package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Streams;

import org.junit.jupiter.api.Test;

/** When a log that keeps no tail is cut. */
class LogTrimmingTest {
    private static final NodeOptions NO_TAIL = ClusterScenario.OPTIONS.withLog(1, 0, 256 << 20);
    private static final long STALL_NANOS = 100_000_000;

    private final World world =
            new World(WorldOptions.of(1, NO_TAIL), new Streams(1), EventTrace.unread());

    /** What the apply loop wrote is in the flush before its report is in the node loop's inbox. */
    @Test
    void aFlushMayBeReportedBeforeWhatItHolds() {
        world.startAll();
        world.runFor(2_000);
        Host host = world.host(1);
        host.doorFaults().arm(DoorFaults.Trap.STALL, 1, STALL_NANOS);
        world.submit(1, new Requests().put("a", "1", Entry.Origin.NONE));
        boolean applies =
                world.runUntil(() -> writtenIndex(host) > raft(host).appliedIndex(), 1_000);

        world.inform(1, new NodeInput.Flushed(NodeProcess.GROUP_ID, writtenIndex(host)));
        world.runFor(1_000);

        assertThat(applies).isTrue();
        assertThat(raft(host).logStart().index()).isEqualTo(writtenIndex(host));
    }

    @Test
    void noLogIsKeptForAMemberThatIsDownWhileTheDiskIsNearlyFull() {
        World cluster = new World(WorldOptions.of(3, NO_TAIL), new Streams(1), EventTrace.unread());
        cluster.startAll();
        cluster.runFor(5_000);
        Host leader = cluster.hosts().stream()
                .filter(host -> raft(host).role() == RoleName.LEADER)
                .findFirst()
                .orElseThrow();
        long down = leader.id() % 3 + 1;
        cluster.host(down).crash();
        long sharedIndex = raft(leader).lastId().index();
        cluster.submit(leader.id(), new Requests().put("a", "1", Entry.Origin.NONE));
        cluster.submit(leader.id(), new Requests().put("b", "2", Entry.Origin.NONE));
        cluster.runFor(2_000);
        long keptFor = raft(leader).logStart().index();

        cluster.inform(leader.id(), new NodeInput.DiskSpace(NodeInput.SpaceLevel.LOW));
        cluster.runFor(1_000);
        long cutTo = raft(leader).logStart().index();
        cluster.inform(leader.id(), new NodeInput.DiskSpace(NodeInput.SpaceLevel.ENOUGH));
        cluster.host(down).start();
        cluster.runFor(10_000);

        assertThat(keptFor).isLessThanOrEqualTo(sharedIndex);
        assertThat(cutTo).isEqualTo(writtenIndex(leader));
        assertThat(writtenIndex(cluster.host(down))).isEqualTo(writtenIndex(leader));
    }

    private static long writtenIndex(Host host) {
        return host.process().orElseThrow().machine().applied().index();
    }

    private static RaftCore raft(Host host) {
        return host.process().orElseThrow().raft().orElseThrow();
    }
}
