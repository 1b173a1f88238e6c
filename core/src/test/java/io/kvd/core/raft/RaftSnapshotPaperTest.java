package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** InstallSnapshot under the rules of terms (Raft §7, Figure 13), and a leader's {@link Snapshotting}. */
class RaftSnapshotPaperTest {
    private static final int ELECTION = RaftCluster.OPTIONS.electionTicks();
    private static final int HEARTBEAT = RaftCluster.OPTIONS.heartbeatTicks();
    private static final SnapshotPiece PIECE = new SnapshotPiece() {};

    // "All RPCs: if RPC request or response contains term T > currentTerm: set currentTerm = T"
    // (Raft
    // Figure 2), on disk before anything depends on it: a snapshot may hold entries of that term.
    @Test
    void aPieceOfALaterTermIsHandedOverWithThatTerm() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        Message piece = piece(replica, 2, TERM + 2);

        replica.core().step(piece);
        Ready ready = replica.core().ready();

        assertThat(ready.hardState().term()).isEqualTo(TERM + 2);
        assertThat(ready.hardStateChanged()).isTrue();
        assertThat(ready.snapshotMessages()).containsExactly(piece);
        assertThat(replica.core().leaderId()).isEqualTo(2);
    }

    // Figure 13, 1: "Reply immediately if term < currentTerm"; the heartbeat beside it is replied
    // to.
    @Test
    void aPieceOfAnEarlierTermIsNothing() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);

        replica.core().step(piece(replica, 3, TERM - 1));

        assertThat(replica.core().hasReady()).isFalse();
    }

    @Test
    void aPieceHoldsTheElectionTimer() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.tick(ELECTION - 1);

        replica.step(piece(replica, 2, TERM));
        replica.tick(ELECTION - 1);

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    void aCandidateOfThePiecesTermFollowsItsSender() {
        OneReplica replica = OneReplica.in(RoleName.CANDIDATE);

        replica.core().step(piece(replica, 2, TERM));

        assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(replica.core().leaderId()).isEqualTo(2);
        assertThat(replica.core().ready().snapshotMessages()).hasSize(1);
    }

    @Test
    void anAnswerOfAnotherTermOrToAnotherLifeIsNothing() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        Message.Header now = replica.reply(2, TERM);
        Message.Header before = replica.reply(2, TERM - 1);
        Message.Header otherLife = new Message.Header(
                now.groupId(), now.from(), now.to(), now.term(), now.incarnation() + 1);

        replica.core().step(new Message.InstallSnapshotReply(before, PIECE));
        replica.core().step(new Message.InstallSnapshotReply(otherLife, PIECE));
        assertThat(replica.core().hasReady()).isFalse();
        replica.core().step(new Message.InstallSnapshotReply(now, PIECE));

        assertThat(replica.core().ready().snapshotMessages()).hasSize(1);
    }

    @Test
    void anAnswerCarriesTheTermThatItIsGivenInAndWaitsForThePersist() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        Message piece = piece(replica, 2, TERM + 1);

        replica.core().step(piece);
        replica.core().snapshotPeers().answer(piece.header(), PIECE);
        Ready ready = replica.core().ready();

        assertThat(ready.messagesNow()).isEmpty();
        assertThat(only(Message.InstallSnapshotReply.class, ready.messagesAfterPersist()))
                .extracting(Message::header)
                .containsExactly(new Message.Header(
                        TestNode.GROUP,
                        OneReplica.ME,
                        2,
                        TERM + 1,
                        piece.header().incarnation()));
    }

    // Only the agreement of the logs shows that it has come so far.
    @Test
    void aMemberThatIsSentASnapshotGetsHeartbeatsUntilItsLogHasIt() {
        OneReplica replica = leaderWhoseLogBeginsBehind(2);
        replica.core().snapshotPeers().ordered(3, 3);
        assertThat(supplyOf(replica, 3)).isEqualTo(PeerStatus.Supply.SNAPSHOT);

        List<Message> sent = replica.tick(HEARTBEAT);
        assertThat(only(Message.AppendEntries.class, sent))
                .filteredOn(message -> message.to() == 3)
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.previous()).isEqualTo(new EntryId(1, 3));
                    assertThat(message.entries()).isEmpty();
                });
        replica.step(replica.rejected(3, 3, EntryId.NONE));
        assertThat(supplyOf(replica, 3)).isEqualTo(PeerStatus.Supply.SNAPSHOT);

        replica.step(replica.accepted(3, 3));
        assertThat(supplyOf(replica, 3)).isEqualTo(PeerStatus.Supply.ENTRIES);
    }

    @Test
    void theLogBehindASnapshotIsNeededUntilTheMemberIsLevel() {
        OneReplica replica = leaderWhoseLogBeginsBehind(2);
        SnapshotPeers peers = replica.core().snapshotPeers();
        peers.ordered(3, 3);
        assertThat(neededFrom(replica)).containsExactly(new LogNeeds.NeededFrom(4, 0, 0));

        peers.made(3, 3, 500);
        peers.delivered(3);
        replica.settle();
        assertThat(neededFrom(replica)).containsExactly(new LogNeeds.NeededFrom(4, 500, 0));

        replica.step(replica.accepted(3, 3));
        assertThat(neededFrom(replica)).containsExactly(new LogNeeds.NeededFrom(4, 500, 0));
        replica.step(replica.accepted(3, replica.core().lastId().index()));

        assertThat(neededFrom(replica)).isEmpty();
    }

    @Test
    void nothingIsNeededByAMemberThatIsGivenUpOrSilentForTenElectionTimeouts() {
        OneReplica replica = leaderWhoseLogBeginsBehind(2);
        SnapshotPeers peers = replica.core().snapshotPeers();
        peers.ordered(3, 3);
        peers.givenUp(3);
        assertThat(neededFrom(replica)).isEmpty();
        assertThat(supplyOf(replica, 3)).isEqualTo(PeerStatus.Supply.NEEDS_SNAPSHOT);

        peers.ordered(3, 3);
        for (int i = 0; i < 10 * ELECTION; i++) {
            assertThat(neededFrom(replica)).isNotEmpty();
            replica.tick(1);
            replica.step(replica.accepted(2, replica.core().lastId().index()));
        }

        assertThat(neededFrom(replica)).isEmpty();
    }

    private static Message piece(OneReplica replica, long from, long term) {
        return new Message.InstallSnapshot(replica.request(from, term), PIECE);
    }

    /** A leader of node 2, which has all, and of node 3, which needs what was cut. */
    private static OneReplica leaderWhoseLogBeginsBehind(long index) {
        OneReplica replica = new OneReplica(3, new HardState(TERM - 1, NodeId.NONE), 1, 1, 1);
        replica.lead();
        replica.step(replica.accepted(2, 4));
        replica.core().cutLog(index);
        replica.settle();
        replica.step(replica.rejected(3, 3, EntryId.NONE));
        assertThat(supplyOf(replica, 3)).isEqualTo(PeerStatus.Supply.NEEDS_SNAPSHOT);
        return replica;
    }

    private static PeerStatus.Supply supplyOf(OneReplica replica, long nodeId) {
        return replica.core().peers().stream()
                .filter(peer -> peer.nodeId() == nodeId)
                .findFirst()
                .orElseThrow()
                .supply();
    }

    private static List<LogNeeds.NeededFrom> neededFrom(OneReplica replica) {
        return replica.core().neededFrom().catchUps();
    }
}
