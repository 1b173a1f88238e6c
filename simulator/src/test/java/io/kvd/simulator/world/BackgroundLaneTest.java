package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.raft.Entry;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What may happen while a task of the background thread is at a door. */
class BackgroundLaneTest {
    private static final int DOOR_CALLS = 200;

    private final ClusterScenario cluster = ClusterScenario.started(1, 1);
    private final List<String> happened = new ArrayList<>();

    @Test
    void entriesAreAppliedBetweenWhatATaskDoesBeforeADoorAndAfterIt() {
        NodeProcess process = born();
        List<Long> applied = new ArrayList<>();

        cluster.world.submit(1, cluster.requests.put("a", "1", Entry.Origin.NONE));
        process.backgroundLane().post("test", () -> {
            applied.add(process.machine().applied().index());
            callDoors(process);
            applied.add(process.machine().applied().index());
        });
        cluster.world.runFor(1_000);

        assertThat(applied).hasSize(2);
        assertThat(applied.get(1)).isGreaterThan(applied.get(0));
    }

    @Test
    void aTaskThatIsDueMeanwhileWaitsForTheOneBefore() {
        NodeProcess process = born();

        for (String name : List.of("a", "b", "c")) {
            process.backgroundLane().post("test", () -> {
                happened.add(name + " begins");
                callDoors(process);
                happened.add(name + " ends");
            });
        }
        cluster.world.runFor(1_000);

        assertThat(happened)
                .containsExactly("a begins", "a ends", "b begins", "b ends", "c begins", "c ends");
    }

    @Test
    void aTaskWhoseProcessEndsMeanwhileDoesNothingMore() {
        NodeProcess process = born();

        process.backgroundLane().post("test", () -> {
            happened.add("begins");
            process.plan("test", process.nowNanos(), process.host()::crash);
            callDoors(process);
            happened.add("ends");
        });
        cluster.world.runFor(1_000);
        process.host().start();
        cluster.awaitLeader();

        assertThat(happened).containsExactly("begins");
        assertThat(process.host().process()).isPresent();
    }

    private NodeProcess born() {
        cluster.awaitLeader();
        cluster.world.runFor(1_000);
        return cluster.world.host(1).process().orElseThrow();
    }

    private static void callDoors(NodeProcess process) {
        for (int i = 0; i < DOOR_CALLS; i++) {
            process.beforeDoor(Door.STATE_FLUSH);
            process.withinDoor();
            process.afterDoor();
        }
    }
}
