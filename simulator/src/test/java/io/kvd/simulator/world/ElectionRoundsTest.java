package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Streams;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/**
 * How many terms a cluster goes through until it has a leader, when one event brings several members forward at the
 * same moment. Disks take long here, so that every answer is late enough for two campaigns to cross.
 */
class ElectionRoundsTest {
    private static final long MILLI = 1_000_000;
    private static final int SEEDS = 60;
    /** Of a hundred elections, so many take one term at least. */
    private static final int ONE_TERM_PERCENT = 95;

    private static final NodeOptions OPTIONS =
            NodeOptions.DEFAULT.withRaft(RaftOptions.DEFAULT.withElectionTicks(100));
    private static final long SHORTEST_TIMEOUT_MS = 1_000;

    private static final Pace BUSY = new Pace(
            Delay.between(100_000, 10 * MILLI),
            Delay.between(5 * MILLI, 40 * MILLI),
            Delay.between(5_000, 200_000));

    /** What an election took. */
    private record Election(long seed, long terms, long millis) {}

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aKilledLeaderIsFollowedWithinOneTermAndBeforeAnyTimeout(int nodes) {
        List<Election> elections = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (World world = started(nodes, seed)) {
                Host leader = leader(world);

                leader.crash();

                elections.add(election(seed, world));
            }
        }

        assertThat(elections).allMatch(election -> election.millis() < SHORTEST_TIMEOUT_MS);
        assertThat(inOneTerm(elections)).as("%s", elections).isGreaterThan(ONE_TERM_PERCENT);
    }

    @Test
    void membersThatAskedInVainForLongElectOneOfThemWhenTheyHearEachOther() {
        List<Election> elections = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (World world = started(3, seed)) {
                world.hosts().forEach(host -> world.isolate(host.id()));
                world.runFor(10_000);
                assertThat(hasLeader(world)).as("seed %d", seed).isFalse();

                world.heal();

                elections.add(election(seed, world));
            }
        }

        assertThat(inOneTerm(elections)).as("%s", elections).isGreaterThan(ONE_TERM_PERCENT);
    }

    @Test
    void aClusterThatIsStartedAgainElectsWithinOneTermAndTwoTimeouts() {
        List<Election> elections = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (World world = started(3, seed)) {
                long before = highestTerm(world);
                world.hosts().forEach(Host::crash);

                world.startAll();

                elections.add(election(seed, world, before));
            }
        }

        assertThat(elections).allMatch(election -> election.millis() < 3 * SHORTEST_TIMEOUT_MS);
        assertThat(inOneTerm(elections)).as("%s", elections).isGreaterThan(ONE_TERM_PERCENT);
    }

    /** Its heir dies with the order to campaign, and its own connections break as it ends. */
    @Test
    void aLeaderThatStopsWhileItsHeirDiesIsFollowedByTheRest() {
        List<Election> elections = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (World world = started(5, seed)) {
                Host leader = leader(world);
                Host heir = world.host(leader.id() % 5 + 1);

                leader.process().orElseThrow().handOverLeadership(heir.id());
                world.runFor(2);
                heir.crash();
                world.inform(leader.id(), new NodeInput.StopRequested());
                world.runUntil(() -> leader.life() == Host.Life.STOPPED, 10_000);

                elections.add(election(seed, world));
            }
        }

        assertThat(elections).allMatch(election -> election.millis() < SHORTEST_TIMEOUT_MS);
        assertThat(inOneTerm(elections)).as("%s", elections).isGreaterThan(ONE_TERM_PERCENT);
    }

    private static World started(int nodes, long seed) {
        WorldOptions usual = WorldOptions.of(nodes, OPTIONS);
        World world = new World(
                new WorldOptions(
                        nodes, 0, usual.sessions(), OPTIONS, BUSY, usual.delay(), usual.stores()),
                new Streams(seed),
                EventTrace.unread());
        world.startAll();
        // Followers that had no need of each other are connected by then.
        world.runUntil(() -> hasLeader(world), 20_000);
        world.runFor(8_000);
        assertThat(hasLeader(world)).as("seed %d", seed).isTrue();
        return world;
    }

    private static Election election(long seed, World world) {
        return election(seed, world, highestTerm(world));
    }

    private static Election election(long seed, World world, long before) {
        long began = world.nowNanos();
        assertThat(world.runUntil(() -> hasLeader(world), 60_000))
                .as("seed %d", seed)
                .isTrue();
        return new Election(seed, highestTerm(world) - before, (world.nowNanos() - began) / MILLI);
    }

    private static long highestTerm(World world) {
        return rafts(world).stream().mapToLong(RaftCore::term).max().orElse(0);
    }

    private static long inOneTerm(List<Election> elections) {
        return 100
                * elections.stream().filter(election -> election.terms() <= 1).count()
                / elections.size();
    }

    private static boolean hasLeader(World world) {
        return rafts(world).stream().anyMatch(raft -> raft.role() == RoleName.LEADER);
    }

    private static Host leader(World world) {
        return world.hosts().stream()
                .filter(host -> host.process()
                        .flatMap(NodeProcess::raft)
                        .map(raft -> raft.role() == RoleName.LEADER)
                        .orElse(false))
                .findFirst()
                .orElseThrow();
    }

    private static List<RaftCore> rafts(World world) {
        return world.hosts().stream()
                .flatMap(host -> host.process().flatMap(NodeProcess::raft).stream())
                .toList();
    }
}
