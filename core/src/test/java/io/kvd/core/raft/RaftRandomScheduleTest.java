package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Random schedules of everything that can happen, checked after each step; then the faults end, and
 * the cluster must elect, commit and converge. A failure names its seed: run {@code schedule(nodes,
 * seed)} alone to replay it.
 */
class RaftRandomScheduleTest {
    private static final int SEEDS = 80;
    private static final int STEPS = 2_000;
    private static final int HEAL_TICKS = 400;

    /** So small that every bound is reached. */
    private static final RaftOptions TIGHT =
            new RaftOptions(10, 2, 8, 300, 3, 700, 1_500, 900, 500, 6);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void anyScheduleIsSafeAndAfterItTheClusterConverges(int nodes) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                schedule(nodes, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("nodes " + nodes + " seed " + seed, e);
            }
        }
    }

    private static void schedule(int nodes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int learners = nodes >= 3 && random.nextInt(4) == 0 ? 1 : 0;
        RaftOptions options = TIGHT.withLateAnswerTicks(random.nextInt(2));
        RaftCluster cluster =
                new RaftCluster(options, RaftCluster.configuration(nodes, learners), seed);
        cluster.startAll();
        RandomSchedule schedule = new RandomSchedule(cluster, random);
        for (int i = 0; i < STEPS; i++) {
            schedule.step();
        }
        heal(cluster);
    }

    private static void heal(RaftCluster cluster) {
        cluster.heal();
        cluster.startAll();
        cluster.nodes().forEach(cluster::settle);
        cluster.run(HEAL_TICKS);

        List<TestNode> leaders = cluster.nodes().stream()
                .filter(node -> node.core().role() == RoleName.LEADER)
                .toList();
        assertThat(leaders).as("leaders of %s", cluster.nodes()).hasSize(1);
        TestNode leader = leaders.get(0);
        assertThat(cluster.propose(leader.id, "the last")).isInstanceOf(Proposed.Appended.class);
        ReadId read = cluster.read(leader.id);
        cluster.run(2 * TIGHT.heartbeatTicks());
        assertThat(leader.confirmedReads).extracting(ConfirmedRead::id).contains(read);
        for (TestNode node : cluster.nodes()) {
            assertThat(node.persistedLast())
                    .as("%s", node)
                    .isEqualTo(leader.core().lastId());
            assertThat(node.core().commitIndex())
                    .as("%s", node)
                    .isEqualTo(leader.core().lastId().index());
            assertThat(node.core().appliedIndex())
                    .as("%s", node)
                    .isEqualTo(leader.core().lastId().index());
        }
    }
}
