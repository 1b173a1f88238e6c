package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.StatusResult;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** status and ping over three nodes, any of which may be down. */
class KvctlClusterTest {
    private static final int NODES = 3;

    private final FakeStore[] stores = {new FakeStore(), new FakeStore(), new FakeStore()};
    private final FakeServer[] servers = new FakeServer[NODES];
    private final Shell shell = new Shell();

    @BeforeEach
    void startServers() throws IOException {
        for (int i = 0; i < NODES; i++) {
            servers[i] = FakeServer.start(i + 1, stores[i]);
        }
        for (int i = 0; i < NODES; i++) {
            stores[i].status(status(i + 1, 1).build());
        }
        shell.environment("KVCTL_ENDPOINTS", servers[0].address());
    }

    @AfterEach
    void stopServers() throws IOException {
        for (FakeServer server : servers) {
            server.close();
        }
    }

    @Test
    void statusFindsEveryMemberThroughOne() {
        assertThat(shell.run("status"))
                .contains("n1    " + servers[0].address())
                .contains("n2    " + servers[1].address())
                .contains("n3    " + servers[2].address())
                .contains("quorum 3/3: writes work, and go on after one failure\n[0]");
    }

    @Test
    void statusHasARowForEachNodeInColumns() throws IOException {
        servers[2].kill();
        String table = shell.run("status", "-o", "table");

        List<String> lines = table.lines().toList();
        assertThat(lines.get(0))
                .matches(
                        "NODE +ADDRESS +ROLE +TERM +COMMIT +APPLIED +LAG +LOG +DB SIZE +FSYNC p99 +VERSION +ALARMS");
        assertThat(lines.get(1))
                .matches(
                        "n1 +127.0.0.1:\\d+ +leader +4 +1042 +1041 +1 +1.2 MiB +512 B +0.54 ms +0.1.0 +-");
        assertThat(lines.get(2)).matches("n2 +127.0.0.1:\\d+ +follower +4 .*");
        assertThat(lines.get(3)).matches("n3 +127.0.0.1:\\d+ +down +- .* unreachable");
        assertThat(lines.get(4)).isEqualTo("quorum 2/3: writes work, one more failure stops them");
    }

    @Test
    void statusSaysWhenTheQuorumIsLost() throws IOException {
        servers[1].kill();
        servers[2].kill();

        assertThat(shell.run("status"))
                .contains(
                        "quorum 1/3: lost; writes and linearizable reads fail until 1 more node is back\n[6]");
    }

    /** One wrong address in one list, say, and a firewall between the two. */
    @Test
    void statusDoesNotPromiseToBearAFailureThatMissingConnectionsForbid() {
        // n2 and n3 have no connection to each other: without n1, no quorum comes together.
        stores[1].status(withTheUnreachable(status(2, 1), 3));

        assertThat(shell.run("status"))
                .contains("can't reach n3\n")
                .contains(
                        "quorum 3/3: writes work, but not after a failure of n1: n2 can't reach n3\n[0]");
        assertThat(shell.run("status", "-o", "json")).contains("\"cannotReach\":[\"n3\"]");
    }

    /** As in a network of containers of which one port is mapped. */
    @Test
    void membersThatTheLeaderHearsAreNotCalledDownBecauseTheyCannotBeReachedFromHere()
            throws IOException {
        stores[0].status(heard(status(1, 1)));
        servers[1].kill();
        servers[2].kill();

        assertThat(shell.run("status"))
                .contains("unseen", "unreachable from here, the leader hears it")
                .contains("quorum 3/3: writes work, and go on after one failure\n[0]");
    }

    @Test
    void aLeaderThatOnlyOtherMembersReachIsNotCalledMissing() throws IOException {
        stores[0].status(status(1, 2).setQuorumHeard(true).build());
        servers[1].kill();
        servers[2].kill();

        assertThat(shell.run("status"))
                .contains("quorum 1/3: n2 does not answer here, but leads with a quorum;"
                        + " writes work for clients that reach it\n[0]");
    }

    private static StatusResult withTheUnreachable(StatusResult.Builder status, int nodeId) {
        status.getMembersBuilder(nodeId - 1).setUnreachable(true);
        return status.build();
    }

    private static StatusResult heard(StatusResult.Builder status) {
        for (int i = 1; i < NODES; i++) {
            status.getMembersBuilder(i).setHeard(true);
        }
        return status.build();
    }

    @Test
    void statusSaysWhenNobodyLeads() {
        for (int i = 0; i < NODES; i++) {
            stores[i].status(status(i + 1, 0).build());
        }

        assertThat(shell.run("status"))
                .contains("quorum 3/3: no leader at the moment; writes wait for an election\n[6]");
    }

    @Test
    void statusOfAnUnbornClusterSaysWhomItWaitsFor() {
        stores[0].status(StatusResult.newBuilder()
                .setNodeId(1)
                .setName("n1")
                .setRole("unborn")
                .addWaitingFor("n3 (127.0.0.1:7420)")
                .build());

        assertThat(shell.run("status"))
                .contains("waiting for n3 (127.0.0.1:7420)")
                .contains("not born yet: the members have not all met\n[6]");
    }

    @Test
    void statusOfMembersWithDifferentListsSaysThatTheyMakeNoCluster() {
        for (int i = 0; i < NODES; i++) {
            stores[i].status(status(i + 1, 0)
                    .setRole("unborn")
                    .addWaitingFor("n9 (a:1): its cluster.peers is not this node's")
                    .build());
        }

        assertThat(shell.run("status"))
                .contains("waiting for n9 (a:1): its cluster.peers is not this node's")
                .contains("not born yet: the members' configurations differ, see waiting for\n[6]");
    }

    @Test
    void statusShowsAlarms() {
        stores[0].status(status(1, 1).addAlarms("NO_SPACE").build());

        assertThat(shell.run("status"))
                .contains("NO_SPACE\n")
                .contains("puts are refused for want of space")
                .endsWith("[0]");
    }

    @Test
    void aFollowersAlarmStopsNoWrites() {
        stores[1].status(status(2, 1).addAlarms("NO_SPACE").build());

        assertThat(shell.run("status")).contains("NO_SPACE\n").contains("writes work");
    }

    @Test
    void statusAsJsonHasAppliedIdAndStateHash() throws IOException {
        servers[2].kill();

        assertThat(shell.run("status", "-o", "json"))
                .contains(
                        "\"quorum\":{\"voters\":3,\"up\":2,\"needed\":2,\"leader\":\"n1\",\"writable\":true")
                .contains("\"applied\":{\"term\":4,\"index\":1041}")
                .contains("\"stateHash\":\"00ff\"")
                .contains("\"fsyncP99Micros\":540")
                .contains("\"name\":\"n3\",\"address\":\"" + servers[2].address()
                        + "\",\"state\":\"down\"");
    }

    @Test
    void statusAsJsonShowsTheNodesAndEndsWith6WhenTheQuorumIsLost() throws IOException {
        servers[1].kill();
        servers[2].kill();

        assertThat(shell.run("status", "-o", "json"))
                .contains("\"needed\":2,\"leader\":\"n1\",\"writable\":false")
                .contains("\"name\":\"n1\"")
                .endsWith("[6]");
    }

    @Test
    void statusColoursWhatIsDown() throws IOException {
        servers[2].kill();

        assertThat(shell.run("status", "--color", "always")).contains("\u001b[31mn3");
        assertThat(shell.terminal().run("status")).contains("\u001b[31mn3");
        assertThat(shell.environment("NO_COLOR", "1").run("status")).doesNotContain("\u001b");
    }

    @Test
    void statusWithoutAnyNodeEndsWith5() throws IOException {
        assertThat(shell.run("status", "-e", FakeServer.deadAddress()))
                .contains("cannot connect")
                .endsWith("[5]");
    }

    @Test
    void pingSaysWhoAnsweredAndHowFast() {
        assertThat(shell.run("ping")).matches("127.0.0.1:\\d+  fake  \\d+\\.\\d ms\n\\[0]");
    }

    @Test
    void pingEndsWith5WhenOneEndpointIsDown() throws IOException {
        String dead = FakeServer.deadAddress();

        assertThat(shell.run("ping", "-e", dead + "," + servers[0].address()))
                .contains(servers[0].address() + "  fake")
                .contains("kvctl: cannot connect to " + dead)
                .endsWith("[5]");
    }

    @Test
    void topShowsWhatEachNodeDidSinceTheLastLook() throws IOException {
        stores[0].writesMoreEachLook(1_000_000);
        servers[2].kill();

        List<String> lines =
                shell.run("top", "--interval", "10ms", "--count", "1").lines().toList();

        assertThat(lines.get(0)).matches("NODE +ROLE +WRITES/s +READS/s .* STALL +BUSY/s +CPU");
        assertThat(lines.get(1)).matches("n1 +leader +[1-9]\\d+ +0 +- +- +0.54 ms .*");
        assertThat(lines.get(2)).matches("n2 +follower +0 +0 .*");
        assertThat(lines.get(3)).matches("n3 +down +- .*");
        assertThat(lines.get(4)).isEqualTo("[0]");
    }

    @Test
    void topInJsonIsOneObjectALine() {
        String json = shell.run("top", "--interval", "1ms", "--count", "2", "-o", "json");

        assertThat(json.lines().filter(line -> line.startsWith("{\"nodes\":[{\"nodeId\":1,")))
                .hasSize(2);
        assertThat(json).contains("\"fsyncP99Micros\":540");
    }

    /** Its counters began at 0 again: what it did since the last look is not known. */
    @Test
    void topKnowsNothingOfANodeThatWasStartedInBetween() {
        StatusResult before = status(1, 1).setIncarnation(1).build();
        StatusResult after = status(1, 1).setIncarnation(2).build();
        NodeFigures figures = new NodeFigures(Map.of("kvd_log_batch_entries_count", 5.0));

        List<NodeLoad.Row> rows = NodeLoad.since(
                List.of(new NodeLoad(ClusterView.NodeView.up("a:1", before), 0, figures, 0)),
                List.of(new NodeLoad(
                        ClusterView.NodeView.up("a:1", after), 0, figures, 1_000_000_000)));

        assertThat(rows.get(0).isKnown()).isFalse();
    }

    @Test
    void completionIsAScriptForBash() {
        assertThat(shell.run("completion", "bash"))
                .contains("complete -F _complete_kvctl")
                .endsWith("[0]");
        assertThat(shell.run("completion", "tcsh")).endsWith("[2]");
    }

    @Test
    void trainingNeedsNoServer() {
        assertThat(shell.run("train")).isEqualTo("[0]");
    }

    private StatusResult.Builder status(int nodeId, int leaderId) {
        StatusResult.Builder status = StatusResult.newBuilder()
                .setNodeId(nodeId)
                .setName("n" + nodeId)
                .setProgram("kvd 0.1.0")
                .setRole(nodeId == leaderId ? "leader" : "follower")
                .setLeaderId(leaderId)
                .setTerm(4)
                .setCommitIndex(1042)
                .setAppliedIndex(1041)
                .setAppliedTerm(4)
                .setStateHash(ByteString.copyFrom(new byte[] {0, (byte) 0xff}))
                .setLogBytes(1_234_567)
                .setStateBytes(512);
        for (int i = 0; i < NODES; i++) {
            status.addMembers(MemberStatus.newBuilder()
                    .setNodeId(i + 1)
                    .setName("n" + (i + 1))
                    .setClientAddress(servers[i].address())
                    .setVoter(true));
        }
        return status;
    }
}
