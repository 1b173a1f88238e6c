package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.protocol.StatusResult;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a node answers to clients, in good times and in bad ones. */
class NodeServiceTest {
    private static final long MILLI = 1_000_000;

    @Test
    void everyMemberServesLinearizableReads() {
        ClusterScenario scenario = ClusterScenario.started(3, 11);

        for (int i = 1; i <= 20; i++) {
            scenario.put("a", "v" + i);
            for (long node = 1; node <= 3; node++) {
                assertThat(scenario.get(node, "a"))
                        .as("write %d at node %d", i, node)
                        .isEqualTo("v" + i);
            }
        }
    }

    @Test
    void aFollowerAnswersAWriteWithTheLeadersAddress() {
        ClusterScenario scenario = ClusterScenario.started(3, 12);
        scenario.put("a", "1");
        long leader = scenario.leader();
        long follower = leader % 3 + 1;

        Reply reply = scenario.ask(follower, scenario.requests.put("a", "2", Entry.Origin.NONE));

        assertThat(reply.getCode()).isEqualTo(Code.NOT_LEADER);
        assertThat(reply.getLeaderHint()).isEqualTo("sim:" + (7400 + leader));
        assertThat(reply.getRetryable()).isTrue();
        assertThat(reply.getMayHaveCommitted()).isFalse();
    }

    @Test
    void withoutAQuorumWritesAndLinearizableReadsEndByTheirDeadlineAndStaleReadsWork() {
        ClusterScenario scenario = ClusterScenario.started(3, 13);
        scenario.put("a", "1");
        long leader = scenario.leader();
        for (long node = 1; node <= 3; node++) {
            if (node != leader) {
                scenario.world.host(node).crash();
            }
        }
        long deadline = scenario.world.nowNanos() + 500 * MILLI;
        Requests requests = scenario.requests;

        Reply write = scenario.ask(
                leader, requests.by(requests.put("a", "2", Entry.Origin.NONE), deadline));
        Reply read = scenario.ask(
                leader, requests.by(requests.get("a", Consistency.LINEARIZABLE), deadline));
        Reply stale = scenario.ask(leader, requests.get("a", Consistency.STALE));

        // Appended before the office was lost: it may still commit, and is not called failed.
        assertThat(write.getCode()).isEqualTo(Code.UNKNOWN_OUTCOME);
        assertThat(write.getMayHaveCommitted()).isTrue();
        assertThat(read.getCode()).isIn(Code.TIMEOUT, Code.NO_LEADER);
        assertThat(read.getMayHaveCommitted()).isFalse();
        assertThat(stale.getRange().getKvs(0).getValue().toStringUtf8()).isEqualTo("1");
        assertThat(scenario.world.nowNanos()).isLessThan(deadline + 1_000 * MILLI);
    }

    @Test
    void aDeposedLeaderServesNoStaleReadAsLinearizable() {
        ClusterScenario scenario = ClusterScenario.started(3, 14);
        scenario.put("a", "old");
        long deposed = scenario.leader();
        scenario.world.isolate(deposed);
        scenario.world.runUntil(
                () -> scenario.leader() != deposed && scenario.leader() != 0, 20_000);
        long other = deposed % 3 + 1;
        ClientRequest put = scenario.requests.put("a", "new", Entry.Origin.NONE);
        for (long node : List.of(other, other % 3 + 1)) {
            scenario.ask(node, put);
        }

        Reply read = scenario.ask(deposed, scenario.requests.get("a", Consistency.LINEARIZABLE));

        assertThat(read.getCode()).isNotEqualTo(Code.OK);
    }

    @Test
    void aRetryAfterFailoverAndRestartIsAnsweredWithTheFirstResult() {
        ClusterScenario scenario = ClusterScenario.started(3, 15);
        long session = openSession(scenario, 600_000);
        ClientRequest put = scenario.requests.put("a", "1", new Entry.Origin(session, 1, 1, 0));
        Reply first = scenario.write(put);
        scenario.world.host(scenario.leader()).crash();
        scenario.awaitLeader();
        Reply afterFailover = scenario.write(put);
        scenario.world.hosts().forEach(Host::crash);
        scenario.world.startAll();

        Reply afterRestart = scenario.write(put);

        assertThat(afterFailover.getResult()).isEqualTo(first.getResult());
        assertThat(afterRestart.getResult()).isEqualTo(first.getResult());
    }

    @Test
    void anIdleSessionExpiresByLogTimeAndItsLaterWritesAreRefused() {
        ClusterScenario scenario = ClusterScenario.started(3, 16);
        long session = openSession(scenario, 2_000);
        scenario.world.runFor(6_000);

        Reply late =
                scenario.write(scenario.requests.put("a", "1", new Entry.Origin(session, 1, 1, 0)));

        assertThat(late.getCode()).isEqualTo(Code.SESSION_EXPIRED);
        assertThat(scenario.get(1, "a")).isEmpty();
    }

    @Test
    void timeWithoutALeaderAgesNoSession() {
        ClusterScenario scenario = ClusterScenario.started(3, 17);
        long session = openSession(scenario, 4_000);
        scenario.world.hosts().forEach(Host::crash);
        scenario.world.runFor(3_600_000);
        scenario.world.startAll();

        Reply reply =
                scenario.write(scenario.requests.put("a", "1", new Entry.Origin(session, 1, 1, 0)));

        assertThat(reply.getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aCountIsAnsweredFromOneStateOrByItsDeadlineNotAtAll() {
        ClusterScenario scenario = ClusterScenario.started(3, 21);
        for (int i = 0; i < 5; i++) {
            scenario.put("k" + i, "v");
        }
        long leader = scenario.leader();
        Requests requests = scenario.requests;

        Reply whole = scenario.ask(leader, requests.count(Consistency.LINEARIZABLE));
        Reply late = scenario.ask(
                leader,
                requests.by(
                        requests.count(Consistency.STALE),
                        scenario.world.host(leader).localNanos() - 1));

        assertThat(whole.getRange().getCount()).isEqualTo(5);
        assertThat(whole.getRange().getRevision()).isEqualTo(6);
        assertThat(late.getCode()).isEqualTo(Code.TIMEOUT);
        assertThat(late.getMessage()).contains("the deadline passed");
        assertThat(late.hasRange()).isFalse();
    }

    @Test
    void lowDiskSpaceRefusesPutsAndLetsReadsAndDeletesThrough() {
        ClusterScenario scenario = ClusterScenario.started(1, 18);
        scenario.put("a", "1");
        scenario.world.inform(1, new NodeInput.DiskSpace(NodeInput.SpaceLevel.LOW));

        Reply put = scenario.ask(1, scenario.requests.put("b", "1", Entry.Origin.NONE));
        Reply delete = scenario.ask(1, scenario.requests.delete("a", Entry.Origin.NONE));

        assertThat(put.getCode()).isEqualTo(Code.NO_SPACE);
        assertThat(put.getMayHaveCommitted()).isFalse();
        assertThat(delete.getCode()).isEqualTo(Code.OK);
        assertThat(scenario.get(1, "a")).isEmpty();
        assertThat(status(scenario, 1).getAlarmsList()).containsExactly("NO_SPACE");
        scenario.world.inform(1, new NodeInput.DiskSpace(NodeInput.SpaceLevel.ENOUGH));
        assertThat(scenario.put("b", "1").getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aGracefulStopHandsLeadershipOverAndTheNextLeaderServes() {
        ClusterScenario scenario = ClusterScenario.started(3, 19);
        scenario.put("a", "1");
        long leader = scenario.leader();

        scenario.world.inform(leader, new NodeInput.StopRequested());
        boolean stopped = scenario.world.runUntil(
                () -> scenario.world.host(leader).life() == Host.Life.STOPPED, 5_000);

        assertThat(stopped).isTrue();
        scenario.awaitLeader();
        assertThat(scenario.leader()).isNotZero().isNotEqualTo(leader);
        assertThat(scenario.put("a", "2").getCode()).isEqualTo(Code.OK);
    }

    @Test
    void theLogIsCutBehindTheFlushButKeptForAMemberThatIsDown() {
        ClusterScenario scenario = ClusterScenario.started(3, 20);
        scenario.put("a", "1");
        scenario.world.host(scenario.leader() % 3 + 1).crash();
        String value = "x".repeat(4_000);
        for (int i = 0; i < 100; i++) {
            scenario.put("k" + i, value);
        }
        long whileDown = status(scenario, scenario.leader()).getFirstIndex();
        scenario.world.startAll();
        for (int i = 0; i < 100; i++) {
            scenario.put("k" + i, value);
        }
        scenario.world.runFor(2_000);

        StatusResult after = status(scenario, scenario.leader());

        assertThat(whileDown).isLessThan(10);
        assertThat(after.getFirstIndex()).isGreaterThan(50);
        assertThat(after.getFlushedIndex()).isGreaterThanOrEqualTo(after.getFirstIndex() - 1);
    }

    /** The next leader's log time would begin at 0 again, and no session expire for as long as the last one led. */
    @Test
    void logTimeGoesOnAfterARestartWithALogThatWasCutToItsEnd() {
        NodeOptions cutsAll = ClusterScenario.OPTIONS.withLog(1, 0, 256 << 20);
        ClusterScenario scenario = new ClusterScenario(1, 21, cutsAll);
        scenario.world.startAll();
        scenario.world.runFor(5_000);
        scenario.put("a", "1");
        scenario.world.runFor(2_000);
        StatusResult before = status(scenario, 1);
        long logTimeMs = machine(scenario).lastLogTimeMs();

        scenario.world.host(1).crash();
        scenario.world.host(1).start();
        scenario.awaitLeader();
        scenario.put("a", "2");

        assertThat(before.getFirstIndex()).isEqualTo(before.getLastIndex() + 1);
        assertThat(logTimeMs).isGreaterThan(4_000);
        assertThat(scenario.world
                        .host(1)
                        .process()
                        .orElseThrow()
                        .raft()
                        .orElseThrow()
                        .logTimeMs())
                .isGreaterThanOrEqualTo(logTimeMs);
    }

    private static KvStateMachine machine(ClusterScenario scenario) {
        return scenario.world.host(1).process().orElseThrow().machine();
    }

    private static long openSession(ClusterScenario scenario, long ttlMs) {
        Reply opened = scenario.write(scenario.requests.openSession(7, ttlMs));
        return Requests.result(opened).getOpenSession().getSessionId();
    }

    private static StatusResult status(ClusterScenario scenario, long node) {
        return scenario.ask(node, scenario.requests.status()).getStatus();
    }
}
