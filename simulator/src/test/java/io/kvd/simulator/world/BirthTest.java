package io.kvd.simulator.world;

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
        scenario.world.host(1).start();
        scenario.world.host(2).start();

        scenario.world.runFor(5_000);

        assertThat(born(scenario)).isEmpty();
        assertThat(scenario.leader()).isZero();
    }

    @Test
    void theMemberWithTheLowestIdDecidesAndTheOthersAdopt() {
        ClusterScenario scenario = ClusterScenario.started(3, 3);

        scenario.awaitLeader();
        scenario.world.runFor(2_000);

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
        scenario.world.startAll();
        // The decider has seen all, but its table reaches nobody but node 2 before node 3 dies.
        scenario.world.runUntil(() -> !born(scenario).isEmpty(), 5_000);
        scenario.world.cut(1, 3);
        scenario.world.cut(2, 3);
        scenario.world.runFor(500);
        scenario.world.host(3).crash();
        scenario.world.heal();
        scenario.world.host(3).start();

        scenario.awaitLeader();
        scenario.put("a", "1");

        assertThat(scenario.get(3, "a")).isEqualTo("1");
    }

    @Test
    void membersThatAreKilledBeforeTheirClusterIsBornStartAgain() {
        ClusterScenario scenario = new ClusterScenario(3, 9);
        for (int round = 0; round < 3; round++) {
            scenario.world.host(1).start();
            scenario.world.host(2).start();
            scenario.world.runFor(300);
            scenario.world.host(1).crash();
            scenario.world.host(2).crash();
        }
        scenario.world.startAll();

        scenario.put("a", "1");

        assertThat(scenario.get(2, "a")).isEqualTo("1");
        assertThat(born(scenario)).hasSize(3);
    }

    /** It never promised anything, and nobody decided on it: its new directory is as good as the old one. */
    @Test
    void aMemberThatLosesItsDirectoryBeforeTheBirthIsBornWithAnotherOne() {
        ClusterScenario scenario = new ClusterScenario(3, 10);
        scenario.world.host(1).start();
        scenario.world.host(2).start();
        scenario.world.runFor(300);
        scenario.world.host(2).crash();
        scenario.world.host(2).wipe();
        scenario.world.host(2).start();
        scenario.world.runFor(300);
        scenario.world.host(3).start();

        scenario.put("a", "1");

        assertThat(scenario.get(2, "a")).isEqualTo("1");
    }

    /** Nobody can tell that it did not adopt the table and vote before. */
    @Test
    void aMemberThatLosesItsDirectoryBetweenTheBirthAndItsOwnAdoptionIsRefused() {
        ClusterScenario scenario = new ClusterScenario(3, 11);
        scenario.world.startAll();
        scenario.world.runUntil(() -> !born(scenario).isEmpty(), 5_000);
        scenario.world.cut(1, 3);
        scenario.world.cut(2, 3);
        scenario.world.runFor(500);
        scenario.world.host(3).crash();
        scenario.world.host(3).wipe();
        scenario.world.heal();

        scenario.world.host(3).start();
        scenario.world.runUntil(() -> scenario.world.host(3).life() == Host.Life.REFUSED, 10_000);
        scenario.put("a", "1");

        assertThat(scenario.world.host(3).life()).isEqualTo(Host.Life.REFUSED);
        assertThat(scenario.get(2, "a")).isEqualTo("1");
    }

    @Test
    void aBornClusterNeedsOnlyAQuorumToStartAgain() {
        ClusterScenario scenario = ClusterScenario.started(3, 5);
        scenario.put("a", "1");
        scenario.world.hosts().forEach(Host::crash);

        scenario.world.host(2).start();
        scenario.world.host(3).start();

        assertThat(scenario.get(2, "a")).isEqualTo("1");
    }

    @Test
    void aWipedVoterIsRefusedByBothSidesAndTheOthersGoOn() {
        ClusterScenario scenario = ClusterScenario.started(3, 6);
        scenario.put("a", "1");
        scenario.world.host(3).crash();
        scenario.world.host(3).wipe();

        scenario.world.host(3).start();
        scenario.world.runUntil(() -> scenario.world.host(3).life() == Host.Life.REFUSED, 10_000);
        scenario.put("a", "2");

        assertThat(scenario.world.host(3).life()).isEqualTo(Host.Life.REFUSED);
        assertThat(refusals(scenario, NodeEvents.Side.REFUSED)).isNotEmpty();
        assertThat(refusals(scenario, NodeEvents.Side.REFUSING)).isNotEmpty();
        assertThat(scenario.get(1, "a")).isEqualTo("2");
        assertThat(scenario.get(2, "a")).isEqualTo("2");
    }

    /** It may end so soon that nothing of its own arrives any more. */
    @Test
    void theOthersReportAWipedVoterBeforeItCanHaveEnded() {
        for (int seed = 1; seed <= 20; seed++) {
            ClusterScenario scenario = ClusterScenario.started(3, seed);
            scenario.put("a", "1");
            scenario.world.host(3).crash();
            scenario.world.host(3).wipe();

            scenario.world.host(3).start();
            scenario.world.runUntil(
                    () -> scenario.world.host(3).life() == Host.Life.REFUSED, 10_000);

            assertThat(scenario.happenings.of(NodeEvents.StoreRefused.class))
                    .as("seed %d", seed)
                    .first()
                    .extracting(NodeEvents.StoreRefused::side)
                    .isEqualTo(NodeEvents.Side.REFUSING);
        }
    }

    /** The loss that Birth exists against: a wiped node and a lagging one must never elect. */
    @Test
    void aWipedNodeAndALaggingOneElectNobody() {
        ClusterScenario scenario = ClusterScenario.started(3, 7);
        scenario.put("a", "1");
        scenario.world.host(3).crash();
        scenario.put("a", "2");
        scenario.world.host(1).crash();
        scenario.world.host(2).crash();
        scenario.world.host(2).wipe();

        scenario.world.host(2).start();
        scenario.world.host(3).start();
        scenario.world.runFor(20_000);

        assertThat(scenario.leader()).isZero();
        assertThat(scenario.world.host(2).life()).isEqualTo(Host.Life.REFUSED);
    }

    @Test
    void aWipedDeciderFoundsNoSecondCluster() {
        ClusterScenario scenario = ClusterScenario.started(3, 8);
        scenario.put("a", "1");
        scenario.world.host(1).crash();
        scenario.world.host(1).wipe();

        scenario.world.host(1).start();
        scenario.world.runFor(10_000);

        assertThat(scenario.world.host(1).life()).isEqualTo(Host.Life.REFUSED);
        assertThat(born(scenario)).hasSize(3);
    }

    private static List<NodeEvents.Born> born(ClusterScenario scenario) {
        return scenario.happenings.of(NodeEvents.Born.class);
    }

    private static List<NodeEvents.StoreRefused> refusals(
            ClusterScenario scenario, NodeEvents.Side side) {
        return scenario.happenings.of(NodeEvents.StoreRefused.class).stream()
                .filter(refused -> refused.side() == side)
                .toList();
    }
}
