package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.Entry;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Addresses that were right once, or never: members that move, and lists that differ. */
class MovedMembersTest {

    @Test
    void aListWithOneWrongAddressMakesNoClusterAndBothSidesSayWhatDiffers() {
        ClusterScenario scenario = new ClusterScenario(3, 1);
        Host host = scenario.world.host(1);
        InitialCluster right = host.configuration();
        host.configure(World.withAddress(right, 3, "sim:1"));

        scenario.world.startAll();
        scenario.world.runFor(10_000);

        assertThat(scenario.happenings.of(NodeEvents.Born.class)).isEmpty();
        assertThat(differencesAt(scenario, 1)).isNotEmpty();
        assertThat(differencesAt(scenario, 3)).isNotEmpty();
        NodeEvents.ConfigurationDiffers seen = differencesAt(scenario, 3).get(0);
        assertThat(seen.ours()).isEqualTo("n1=sim:7401, n2=sim:7402, n3=sim:7403");
        assertThat(seen.theirs()).isEqualTo("n1=sim:7401, n2=sim:7402, n3=sim:1");

        host.crash();
        host.configure(right);
        host.start();
        scenario.put("a", "1");
        assertThat(scenario.get(3, "a")).isEqualTo("1");
    }

    @Test
    void membersOfClustersWithDifferentNamesMakeNone() {
        ClusterScenario scenario = new ClusterScenario(3, 2);
        Host host = scenario.world.host(2);
        InitialCluster other = host.configuration();
        host.configure(new InitialCluster("other", 2, other.members()));

        scenario.world.startAll();
        scenario.world.runFor(10_000);

        assertThat(scenario.happenings.of(NodeEvents.Born.class)).isEmpty();
        assertThat(differencesAt(scenario, 1))
                .contains(new NodeEvents.ConfigurationDiffers(
                        2, "cluster.name", "simulated", "other"));
        assertThat(differencesAt(scenario, 2))
                .contains(new NodeEvents.ConfigurationDiffers(
                        1, "cluster.name", "other", "simulated"));
    }

    @Test
    void aMemberThatWasStartedWithoutItsListIsNotBornAloneWhileOthersListIt() {
        ClusterScenario scenario = new ClusterScenario(3, 6);
        Host host = scenario.world.host(2);
        InitialCluster right = host.configuration();
        host.configure(alone(right));

        scenario.world.startAll();
        scenario.world.runFor(10_000);

        assertThat(scenario.happenings.of(NodeEvents.Born.class)).isEmpty();
        assertThat(scenario.happenings.of(NodeEvents.TakenForAMember.class)).isNotEmpty();

        host.crash();
        host.configure(right);
        host.start();
        scenario.put("a", "1");
    }

    @Test
    void aNodeThatNobodyListsIsBornAloneSoon() {
        ClusterScenario scenario = new ClusterScenario(3, 7);
        Host host = scenario.world.host(2);
        host.configure(alone(host.configuration()));

        host.start();
        scenario.world.runFor(2_000);

        assertThat(scenario.happenings.of(NodeEvents.Born.class)).hasSize(1);
    }

    private static InitialCluster alone(InitialCluster cluster) {
        return new InitialCluster(
                cluster.name(),
                cluster.selfId(),
                List.of(cluster.self()),
                InitialCluster.Founding.WHEN_UNCLAIMED);
    }

    /** A wrong address in a list that is older than the cluster's last move must not cost an election. */
    @Test
    void aMemberWhoseListIsWrongFindsTheOthersByWhatTheySay() {
        ClusterScenario scenario = ClusterScenario.started(3, 3);
        scenario.put("a", "1");
        for (long id = 1; id <= 3; id++) {
            Host host = scenario.world.host(id);
            host.crash();
            long next = id % 3 + 1;
            host.configure(World.withAddress(host.configuration(), next, "sim:1"));
        }

        scenario.world.startAll();
        scenario.put("a", "2");
        scenario.world.host(scenario.leader()).crash();

        scenario.put("a", "3");
    }

    @Test
    void allMembersBackUnderNewAddressesServeAndAreHintedThere() {
        ClusterScenario scenario = ClusterScenario.started(3, 4);
        scenario.put("a", "1");
        scenario.world.hosts().forEach(Host::crash);
        for (long id = 1; id <= 3; id++) {
            Host host = scenario.world.host(id);
            InitialCluster moved = host.configuration();
            for (long other = 1; other <= 3; other++) {
                moved = World.withAddress(moved, other, "sim:" + (7_500 + other));
            }
            host.configure(moved);
        }

        scenario.world.startAll();
        scenario.put("a", "2");

        long leader = scenario.leader();
        for (long id = 1; id <= 3; id++) {
            if (id != leader) {
                assertThat(hint(scenario, id)).isEqualTo("sim:" + (7_500 + leader));
            }
        }
    }

    @Test
    void oneMemberAfterTheOtherMovesAndTellsTheOthers() {
        ClusterScenario scenario = ClusterScenario.started(3, 5);
        scenario.put("a", "1");
        for (long id = 1; id <= 3; id++) {
            scenario.world.host(id).crash();
            scenario.world.move(id, "sim:" + (7_600 + id));
            if (id == 3) {
                // It must find one of the others; where the second is now, the first one tells.
                Host host = scenario.world.host(3);
                host.configure(World.withAddress(host.configuration(), 1, "sim:7601"));
            }
            scenario.world.host(id).start();
            scenario.put("a", "moved " + id);
            scenario.world.runFor(5_000);
        }

        long leader = scenario.leader();
        for (long id = 1; id <= 3; id++) {
            assertThat(scenario.get(id, "a")).isEqualTo("moved 3");
            if (id != leader) {
                assertThat(hint(scenario, id)).isEqualTo("sim:" + (7_600 + leader));
            }
        }
    }

    /** What this follower tells clients that want to write. */
    private static String hint(ClusterScenario scenario, long nodeId) {
        return scenario.ask(nodeId, scenario.requests.put("b", "1", Entry.Origin.NONE))
                .getLeaderHint();
    }

    private static List<NodeEvents.ConfigurationDiffers> differencesAt(
            ClusterScenario scenario, long nodeId) {
        return scenario.happenings.all().stream()
                .filter(happening -> happening.nodeId() == nodeId)
                .map(Happenings.Happening::event)
                .filter(NodeEvents.ConfigurationDiffers.class::isInstance)
                .map(NodeEvents.ConfigurationDiffers.class::cast)
                .toList();
    }
}
