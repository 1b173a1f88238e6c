package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.raft.PeerStatus;

import org.junit.jupiter.api.Test;

import java.util.List;

class NodeStateTest {
    private static final long NOW = 1_000_000_000_000L;

    @Test
    void aNodeThatKnowsALeaderAndAppliedWhatWasCommittedIsReady() {
        assertThat(state(2, 10, 12, 10).notReadyBecause(NOW)).isEmpty();
    }

    @Test
    void aNodeWithoutALeaderIsNotReady() {
        assertThat(state(0, 10, 12, 10).notReadyBecause(NOW)).isEqualTo("no leader is known");
    }

    @Test
    void aNodeThatAppliesTooLateIsNotReady() {
        assertThat(state(2, 9, 12, 10).notReadyBecause(NOW)).contains("up to 10", "up to 9");
    }

    @Test
    void anUnbornNodeIsNotReady() {
        assertThat(NodeState.unborn(NOW).notReadyBecause(NOW)).contains("not born");
    }

    @Test
    void aNodeWhoseRaftThreadStandsStillIsNotReady() {
        assertThat(state(2, 10, 12, 10).notReadyBecause(NOW + 3_000_000_000L)).contains("3000 ms");
    }

    @Test
    void lagIsWhatTheMemberHasNotAcknowledged() {
        assertThat(state(1, 10, 12, 10).lagOf(3)).isEqualTo(5);
        assertThat(state(1, 10, 12, 10).lagOf(4)).isZero();
        assertThat(state(1, 10, 12, 10).windowOf(3)).isEqualTo(900);
    }

    private static NodeState state(long leaderId, long applied, long commit, long currentTo) {
        return new NodeState(
                NOW,
                leaderId == 1 ? NodeState.LEADER : "follower",
                5,
                leaderId,
                new NodeState.Indexes(1, 12, commit, applied),
                0,
                currentTo,
                List.of(new PeerStatus(3, 7, 20, PeerStatus.Supply.ENTRIES, 900)));
    }
}
