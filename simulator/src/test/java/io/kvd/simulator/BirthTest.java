package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeEvents;

import org.junit.jupiter.api.Test;

import java.util.List;

/** How a cluster begins (ARCHITECTURE.md, Birth), and who may not join it. */
class BirthTest {

    @Test
    void aClusterOfOneIsBornAloneAndServes() {
        ClusterScenario scenario = ClusterScenario.started(1, 1);

        scenario.put("a", "1");

        assertThat(scenario.get(1, "a")).isEqualTo("1");
        assertThat(born(scenario)).hasSize(1);
    }

    @Test
    void nothingIsBornBeforeTheDeciderHasSeenEveryMember() {
        ClusterScenario scenario = new ClusterScenario(3, 2);
        scenario.cluster.start(1);
        scenario.cluster.start(2);

        scenario.cluster.runFor(5_000);

        assertThat(born(scenario)).isEmpty();
        assertThat(scenario.leader()).isZero();
    }

    @Test
    void theMemberWithTheLowestIdDecidesAndTheOthersAdopt() {
        ClusterScenario scenario = ClusterScenario.started(3, 3);

        scenario.awaitLeader();
        scenario.cluster.runFor(2_000);

        List<NodeEvents.Born> births = born(scenario);
        assertThat(births).hasSize(3);
        assertThat(births)
                .extracting(NodeEvents.Born::clusterId)
                .containsOnly(births.get(0).clusterId());
        assertThat(births.get(0).decider()).isEqualTo(NodeEvents.Who.THIS_NODE);
    }

    @Test
    void aMemberThatMissedTheBirthAdoptsItLater() {
        ClusterScenario scenario = new ClusterScenario(3, 4);
        scenario.cluster.startAll();
        // The decider has seen all, but its table reaches nobody but node 2 before node 3 dies.
        scenario.cluster.cut(1, 3);
        scenario.cluster.cut(2, 3);
        scenario.cluster.runFor(500);
        scenario.cluster.crash(3);
        scenario.cluster.heal();
        scenario.cluster.start(3);

        scenario.awaitLeader();
        scenario.put("a", "1");

        assertThat(scenario.get(3, "a")).isEqualTo("1");
    }

    @Test
    void aBornClusterNeedsOnlyAQuorumToStartAgain() {
        ClusterScenario scenario = ClusterScenario.started(3, 5);
        scenario.put("a", "1");
        List.of(1L, 2L, 3L).forEach(scenario.cluster::crash);

        scenario.cluster.start(2);
        scenario.cluster.start(3);

        assertThat(scenario.get(2, "a")).isEqualTo("1");
    }

    @Test
    void aWipedVoterIsRefusedByBothSidesAndTheOthersGoOn() {
        ClusterScenario scenario = ClusterScenario.started(3, 6);
        scenario.put("a", "1");
        scenario.cluster.crash(3);
        scenario.cluster.wipe(3);

        scenario.cluster.start(3);
        scenario.cluster.runUntil(
                () -> scenario.cluster.node(3).life() == SimulatedNode.Life.REFUSED, 10_000);
        scenario.put("a", "2");

        assertThat(scenario.cluster.node(3).life()).isEqualTo(SimulatedNode.Life.REFUSED);
        assertThat(refusals(scenario, NodeEvents.Side.REFUSED)).isNotEmpty();
        assertThat(refusals(scenario, NodeEvents.Side.REFUSING)).isNotEmpty();
        assertThat(scenario.get(1, "a")).isEqualTo("2");
        assertThat(scenario.get(2, "a")).isEqualTo("2");
    }

    /** The loss that Birth exists against: a wiped node and a lagging one must never elect. */
    @Test
    void aWipedNodeAndALaggingOneElectNobody() {
        ClusterScenario scenario = ClusterScenario.started(3, 7);
        scenario.put("a", "1");
        scenario.cluster.crash(3);
        scenario.put("a", "2");
        scenario.cluster.crash(1);
        scenario.cluster.crash(2);
        scenario.cluster.wipe(2);

        scenario.cluster.start(2);
        scenario.cluster.start(3);
        scenario.cluster.runFor(20_000);

        assertThat(scenario.leader()).isZero();
        assertThat(scenario.cluster.node(2).life()).isEqualTo(SimulatedNode.Life.REFUSED);
    }

    @Test
    void aWipedDeciderFoundsNoSecondCluster() {
        ClusterScenario scenario = ClusterScenario.started(3, 8);
        scenario.put("a", "1");
        scenario.cluster.crash(1);
        scenario.cluster.wipe(1);

        scenario.cluster.start(1);
        scenario.cluster.runFor(10_000);

        assertThat(scenario.cluster.node(1).life()).isEqualTo(SimulatedNode.Life.REFUSED);
        assertThat(born(scenario)).hasSize(3);
    }

    private static List<NodeEvents.Born> born(ClusterScenario scenario) {
        return scenario.cluster.happenings().stream()
                .map(SimulatedCluster.Happening::event)
                .filter(NodeEvents.Born.class::isInstance)
                .map(NodeEvents.Born.class::cast)
                .toList();
    }

    private static List<NodeEvents.StoreRefused> refusals(
            ClusterScenario scenario, NodeEvents.Side side) {
        return scenario.cluster.happenings().stream()
                .map(SimulatedCluster.Happening::event)
                .filter(NodeEvents.StoreRefused.class::isInstance)
                .map(NodeEvents.StoreRefused.class::cast)
                .filter(refused -> refused.side() == side)
                .toList();
    }
}
