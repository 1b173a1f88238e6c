package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A voter that comes back with less than it had (docs/adr/0011). */
class OlderCopyTest {
    /** Long enough for connections, and for what peers write now and then. */
    private static final int A_WHILE_MS = 3_000;

    // The directory was copied while its node ran, in the very life in which more was acknowledged.
    @Test
    void copyThatLacksWhatTheLivingLeaderSawAcknowledgedIsRefused() {
        ClusterScenario scenario = ClusterScenario.started(3, 1);
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        follower.keepCopy();
        putMany(scenario, 30);

        comesBackOlder(scenario, follower);

        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
        assertThat(scenario.get(scenario.leader(), "k29")).isEqualTo("v");
    }

    @Test
    void copyOfAnEarlierStartIsRefusedThoughNothingWasWrittenSince() {
        ClusterScenario scenario = ClusterScenario.started(3, 2);
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        follower.keepCopy();
        for (int i = 0; i < 3; i++) {
            follower.crash();
            follower.start();
            scenario.world.runFor(A_WHILE_MS);
        }

        comesBackOlder(scenario, follower);

        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
    }

    // What the issue of lost writes began with: the old leader is gone, nobody who led is left.
    @Test
    void copyIsRefusedByWhatTheOthersWroteDownThoughAllWereRestarted() {
        ClusterScenario scenario = ClusterScenario.started(3, 3);
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        follower.keepCopy();
        putMany(scenario, 30);
        scenario.world.runFor(A_WHILE_MS);
        putMany(scenario, 1);

        scenario.world.hosts().forEach(Host::crash);
        follower.putBackCopy();
        scenario.world.hosts().forEach(Host::start);
        scenario.world.runFor(A_WHILE_MS);

        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
        assertThat(scenario.get(scenario.leader(), "k29")).isEqualTo("v");
    }

    // The leader dies as the copy starts: the third member, who was away, must not be elected by
    // it.
    @Test
    void olderCopyDoesNotElectWhoLacksWhatItHadAcknowledged() {
        ClusterScenario scenario = ClusterScenario.started(3, 4);
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        follower.keepCopy();
        for (int i = 0; i < 2; i++) {
            follower.crash();
            follower.start();
            scenario.world.runFor(A_WHILE_MS);
        }
        Host leader = scenario.world.host(scenario.leader());
        Host third = third(scenario, leader, follower);
        third.crash();
        putMany(scenario, 30);

        leader.crash();
        follower.crash();
        follower.putBackCopy();
        third.start();
        follower.start();
        scenario.world.runFor(A_WHILE_MS);

        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
        assertThat(scenario.leader()).isZero();
    }

    // As often as the member itself, or more often: the number of its start says nothing then.
    @Test
    void copyThatIsStartedOftenBeforeItMeetsAnybodyIsRefused() {
        for (int starts = 1; starts <= 10; starts++) {
            ClusterScenario scenario = ClusterScenario.started(3, 100 + starts);
            Host follower = copiedBeforeRestarts(scenario);
            follower.crash();
            follower.putBackCopy();
            for (int i = 1; i < starts; i++) {
                follower.start();
                follower.crash();
            }

            follower.start();
            scenario.world.runFor(A_WHILE_MS);

            assertThat(follower.life()).as("after %d starts", starts).isEqualTo(Host.Life.REFUSED);
        }
    }

    @Test
    void copyThatIsStartedAgainAfterEachRefusalIsRefusedEachTime() {
        ClusterScenario scenario = ClusterScenario.started(3, 6);
        Host follower = copiedBeforeRestarts(scenario);

        comesBackOlder(scenario, follower);

        for (int i = 0; i < 10; i++) {
            assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
            follower.startAnyway();
            scenario.world.runFor(A_WHILE_MS / 10);
        }
        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
    }

    // It can't write down that it was refused: its next lives are told apart by their nonces.
    @Test
    void copyThatDiesAsItIsRefusedIsRefusedByTheNextItMeets() {
        ClusterScenario scenario = ClusterScenario.started(3, 7);
        Host follower = copiedBeforeRestarts(scenario);
        follower.crash();
        follower.putBackCopy();

        for (int doorCalls = 0; follower.life() != Host.Life.REFUSED; doorCalls++) {
            assertThat(doorCalls)
                    .as("dies at the door calls of a start, one after another")
                    .isLessThan(50);
            follower.doorFaults().arm(DoorFaults.Trap.DIE_BEFORE, doorCalls, 0);
            follower.start();
            scenario.world.runFor(A_WHILE_MS / 3);
        }
        follower.startAnyway();
        scenario.world.runFor(A_WHILE_MS);

        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);
    }

    // What a copy of it was seen to be must not refuse it: it is the way out.
    @Test
    void newestDirectoryIsTakenAgainAfterACopyOfItWasRefused() {
        ClusterScenario scenario = ClusterScenario.started(3, 8);
        Host follower = copiedBeforeRestarts(scenario);
        follower.crash();
        follower.swapWithCopy();
        for (int i = 0; i < 10; i++) {
            follower.start();
            follower.crash();
        }
        follower.start();
        scenario.world.runFor(A_WHILE_MS);
        assertThat(follower.life()).isEqualTo(Host.Life.REFUSED);

        follower.swapWithCopy();
        follower.startAnyway();
        scenario.world.runFor(A_WHILE_MS);

        assertThat(follower.life()).isEqualTo(Host.Life.UP);
        assertThat(scenario.get(follower.id(), "a")).isEqualTo("1");
    }

    @Test
    void memberThatStartsAHundredTimesIsNotRefused() {
        ClusterScenario scenario = ClusterScenario.started(3, 9);
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        for (int i = 0; i < 100; i++) {
            follower.crash();
            follower.start();
            scenario.world.runFor(i % 10 == 0 ? 300 : i % 3);
        }

        scenario.world.runFor(A_WHILE_MS);

        assertThat(scenario.world.hosts()).allMatch(host -> host.life() == Host.Life.UP);
        assertThat(scenario.get(follower.id(), "a")).isEqualTo("1");
    }

    @Test
    void memberThatStartsAgainAndAgainIsNeverRefused() {
        ClusterScenario scenario = ClusterScenario.started(3, 5);
        for (int i = 0; i < 20; i++) {
            scenario.put("k" + i, "v");
            Host host = scenario.world.host(1 + i % 3);
            host.crash();
            // Often before anybody saw it.
            host.start();
            scenario.world.runFor(i % 4);
            host.crash();
            host.start();
            scenario.world.runFor(100);
        }

        scenario.world.runFor(A_WHILE_MS);

        assertThat(scenario.world.hosts()).allMatch(host -> host.life() == Host.Life.UP);
        assertThat(scenario.get(1, "k19")).isEqualTo("v");
    }

    /** A follower of which a copy was kept, and which was started a few times since. */
    private static Host copiedBeforeRestarts(ClusterScenario scenario) {
        scenario.put("a", "1");
        Host follower = followerOf(scenario);
        follower.keepCopy();
        for (int i = 0; i < 3; i++) {
            follower.crash();
            follower.start();
            scenario.world.runFor(A_WHILE_MS / 3);
        }
        return follower;
    }

    private static void comesBackOlder(ClusterScenario scenario, Host host) {
        host.crash();
        host.putBackCopy();
        host.start();
        scenario.world.runFor(A_WHILE_MS);
    }

    private static void putMany(ClusterScenario scenario, int count) {
        for (int i = 0; i < count; i++) {
            scenario.put("k" + i, "v");
        }
    }

    private static Host followerOf(ClusterScenario scenario) {
        scenario.awaitLeader();
        return scenario.world.host(1 + scenario.leader() % 3);
    }

    private static Host third(ClusterScenario scenario, Host one, Host other) {
        return scenario.world.hosts().stream()
                .filter(host -> host != one && host != other)
                .findFirst()
                .orElseThrow();
    }
}
