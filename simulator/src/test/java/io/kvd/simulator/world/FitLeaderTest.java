package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftCore;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** A leader that can't do its work, but still heartbeats, makes room for a member that can. */
class FitLeaderTest {
    private static final long SHORTEST_TIMEOUT_MS = 300;

    @Test
    void whileOnlyTheLeaderIsWithoutSpaceWritesGoOnElsewhere() {
        ClusterScenario scenario = settled(3, 31);
        long full = scenario.leader();
        long term = term(scenario, full);

        scenario.world.host(full).space(SpaceLevel.LOW);
        scenario.world.runFor(SHORTEST_TIMEOUT_MS);

        assertThat(scenario.leader()).isNotZero().isNotEqualTo(full);
        assertThat(scenario.put("b", "2").getCode()).isEqualTo(Code.OK);
        long heir = scenario.leader();
        scenario.world.runFor(30_000);
        assertThat(scenario.leader()).as("the office stays where it is").isEqualTo(heir);
        assertThat(term(scenario, heir)).isEqualTo(term + 1);
    }

    /** A refusal for want of space is final for most clients, so nobody hears it who could have written elsewhere. */
    @Test
    void whoAsksWhileTheOfficeMovesIsToldToTryAgain() {
        ClusterScenario scenario = settled(3, 32);
        long full = scenario.leader();
        scenario.world.host(full).space(SpaceLevel.LOW);
        List<Code> codes = new ArrayList<>();

        for (int i = 0; i < 50; i++) {
            codes.add(scenario.ask(full, scenario.requests.put("k" + i, "v", Entry.Origin.NONE))
                    .getCode());
            scenario.world.runFor(1);
        }

        assertThat(codes).doesNotContain(Code.NO_SPACE).contains(Code.NOT_LEADER);
    }

    @Test
    void aLeaderWithoutSpaceStaysWhereNobodyElseHasAny() {
        ClusterScenario scenario = settled(3, 33);
        long leader = scenario.leader();
        for (Host host : scenario.world.hosts()) {
            if (host.id() != leader) {
                host.space(SpaceLevel.LOW);
            }
        }
        scenario.world.runFor(1_000);
        scenario.world.host(leader).space(SpaceLevel.LOW);
        scenario.world.runFor(10_000);

        Reply put = scenario.ask(leader, scenario.requests.put("b", "2", Entry.Origin.NONE));
        Reply delete = scenario.ask(leader, scenario.requests.delete("a", Entry.Origin.NONE));

        assertThat(scenario.leader()).isEqualTo(leader);
        assertThat(put.getCode()).isEqualTo(Code.NO_SPACE);
        assertThat(delete.getCode()).isEqualTo(Code.OK);
    }

    /** What a member said an hour ago, or in another life, is no proof. */
    @Test
    void aMemberThatIsNotHeardIsNoHeir() {
        ClusterScenario scenario = settled(3, 34);
        long leader = scenario.leader();
        long term = term(scenario, leader);
        long fit = leader % 3 + 1;
        scenario.world.host(fit % 3 + 1).space(SpaceLevel.LOW);
        scenario.world.cut(leader, fit);
        scenario.world.runFor(2 * SHORTEST_TIMEOUT_MS);

        scenario.world.host(leader).space(SpaceLevel.LOW);
        scenario.world.runFor(10_000);

        assertThat(scenario.leader()).isEqualTo(leader);
        assertThat(term(scenario, leader)).isEqualTo(term);
    }

    /** Nobody is unfit enough to leave a cluster without a leader. */
    @Test
    void unfitMembersAreElectedWhereNoOthersAreLeft() {
        ClusterScenario scenario = settled(3, 35);
        long fit = scenario.leader();
        for (Host host : scenario.world.hosts()) {
            if (host.id() != fit) {
                host.space(SpaceLevel.LOW);
            }
        }
        scenario.world.runFor(1_000);

        scenario.world.host(fit).crash();
        scenario.world.runFor(4 * SHORTEST_TIMEOUT_MS);
        long poor = scenario.leader();
        scenario.world.host(fit).start();
        scenario.world.runFor(10_000);

        assertThat(poor).isNotZero();
        assertThat(scenario.leader())
                .as("and makes room for the one that is back")
                .isEqualTo(fit);
    }

    @Test
    void ofThoseThatComeForwardTheFitOnesAreElected() {
        for (long seed = 1; seed <= 30; seed++) {
            ClusterScenario scenario = settled(5, seed);
            long leader = scenario.leader();
            long fit = leader % 5 + 1;
            for (Host host : scenario.world.hosts()) {
                if (host.id() != fit) {
                    host.space(host.id() == leader ? SpaceLevel.ENOUGH : SpaceLevel.LOW);
                }
            }
            scenario.world.runFor(1_000);

            scenario.world.host(leader).crash();
            scenario.awaitLeader();

            assertThat(scenario.leader()).as("seed %d", seed).isEqualTo(fit);
        }
    }

    /** Each has space when the other one has none, second by second. */
    @Test
    void membersThatAreUnfitByTurnsDoNotHandTheOfficeToAndFro() {
        ClusterScenario scenario = settled(3, 36);
        long before = term(scenario, scenario.leader());
        int seconds = 120;
        for (int i = 0; i < seconds; i++) {
            long leader = scenario.leader();
            for (Host host : scenario.world.hosts()) {
                host.space(host.id() == leader ? SpaceLevel.LOW : SpaceLevel.ENOUGH);
            }
            scenario.world.runFor(1_000);
        }

        long handOvers = term(scenario, scenario.leader()) - before;

        // Three members, each at its longest pause of 16 x 300 ms after a few of them.
        assertThat(handOvers)
                .isBetween(1L, 3 * (4 + seconds * 1_000L / (16 * SHORTEST_TIMEOUT_MS)));
    }

    @Test
    void aLeaderWhoseDiskIsManyTimesSlowerThanTheOthersMakesRoom() {
        ClusterScenario scenario = settled(3, 37);
        long slow = scenario.leader();
        writes(scenario, 20);
        long term = term(scenario, slow);

        scenario.world.host(slow).slowDownFsync(150);
        writes(scenario, 60);

        assertThat(scenario.leader()).isNotEqualTo(slow);
        long heir = scenario.leader();
        writes(scenario, 60);
        assertThat(scenario.leader()).isEqualTo(heir);
        assertThat(term(scenario, heir)).isEqualTo(term + 1);
    }

    @Test
    void disksThatAreAllEquallySlowMoveNothing() {
        ClusterScenario scenario = settled(3, 38);
        long leader = scenario.leader();
        scenario.world.hosts().forEach(host -> host.slowDownFsync(60));

        writes(scenario, 80);

        assertThat(scenario.leader()).isEqualTo(leader);
    }

    private static void writes(ClusterScenario scenario, int count) {
        for (int i = 0; i < count; i++) {
            scenario.put("w" + i, "v");
        }
    }

    private static ClusterScenario settled(int nodes, long seed) {
        ClusterScenario scenario = ClusterScenario.started(nodes, seed);
        scenario.put("a", "1");
        scenario.world.runFor(7_000);
        return scenario;
    }

    private static long term(ClusterScenario scenario, long nodeId) {
        return scenario.world
                .host(nodeId)
                .process()
                .flatMap(NodeProcess::raft)
                .map(RaftCore::term)
                .orElseThrow();
    }
}
