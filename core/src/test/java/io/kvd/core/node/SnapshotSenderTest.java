package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Shipment;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.PeerStatus.Supply;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.SnapshotPeers;
import io.kvd.core.raft.SnapshotPiece;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Chunks of four bytes, two of them at most unanswered; snapshots of 100 bytes. */
class SnapshotSenderTest {
    private static final long GROUP = 1;
    private static final long SIZE = 100;
    private static final int HEARTBEAT_TICKS = 2;
    private static final int ELECTION_TICKS = 10;
    private static final RaftOptions RAFT = RaftOptions.DEFAULT
            .withHeartbeatTicks(HEARTBEAT_TICKS)
            .withElectionTicks(ELECTION_TICKS);
    private static final SnapshotManifest MANIFEST = new SnapshotManifest(
            new EntryId(7, 100),
            0,
            Bytes.of(new byte[16]),
            Bytes.EMPTY,
            List.of(new SnapshotFile("a", SIZE)));

    private final List<NodeEvents.SendStep> steps = new ArrayList<>();
    private final List<PeerStatus> members = new ArrayList<>();
    /** What the sender told the replica, in order. */
    private final List<String> told = new ArrayList<>();

    private final List<Sent> sent = new ArrayList<>();

    private SnapshotSender sender = senderAt(1_000_000);
    private final TurnOutput out = new TurnOutput();

    /** What left, and to whom. */
    private record Sent(long to, SnapshotPiece piece) {}

    @Test
    void aMemberBelowTheLogsStartIsOfferedASnapshotAndOneThatIsDeadIsNot() {
        members.add(new PeerStatus(2, 0, ELECTION_TICKS, Supply.NEEDS_SNAPSHOT, 0));
        members.add(new PeerStatus(3, 0, 0, Supply.ENTRIES, 0));
        tick(HEARTBEAT_TICKS);
        assertThat(works()).isEmpty();

        members.set(0, new PeerStatus(2, 0, 0, Supply.NEEDS_SNAPSHOT, 0));
        tick(HEARTBEAT_TICKS);
        assertThat(works()).containsExactly(new SnapshotWork.Make(GROUP, 1, 5));
        made(1);

        assertThat(sent).containsExactly(new Sent(2, new Shipment.Offer(1, MANIFEST)));
        assertThat(steps).containsExactly(NodeEvents.SendStep.BEGUN);
    }

    @Test
    void nothingIsReadBeforeTheReceiverWantsItAndNoMoreThanTheWindow() {
        begin(2);
        tick(HEARTBEAT_TICKS);
        assertThat(works()).isEmpty();

        receiving(2, 0);
        assertThat(reads()).containsExactly(0L, 4L);
        receiving(2, 4);

        assertThat(reads()).containsExactly(8L);
    }

    @Test
    void anAnswerWithoutNewsBeginsAgainWhereTheReceiverStands() {
        begin(2);
        receiving(2, 0);
        tick(HEARTBEAT_TICKS);
        works();

        receiving(2, 0);
        assertThat(reads()).containsExactly(0L, 4L);
        // Of a burst of them one counts.
        receiving(2, 0);

        assertThat(reads()).isEmpty();
    }

    @Test
    void aReceiverThatWasRestartedIsOfferedItAgainFromTheBeginning() {
        begin(2);
        receiving(2, 0);
        receiving(2, 8);
        works();
        sent.clear();

        progress(2, 0, Shipment.Stage.UNKNOWN);
        progress(2, 0, Shipment.Stage.UNKNOWN);
        assertThat(sent).containsExactly(new Sent(2, new Shipment.Offer(1, MANIFEST)));
        receiving(2, 0);

        assertThat(reads()).containsExactly(0L, 4L);
    }

    @Test
    void whoSaysNothingIsAskedEachElectionTimeoutAndGivenUpAfterTen() {
        begin(2);
        sent.clear();

        tick(10 * ELECTION_TICKS - 1);
        assertThat(sent).hasSize(9).containsOnly(new Sent(2, new Shipment.Offer(1, MANIFEST)));
        tick(1);

        assertThat(works()).contains(new SnapshotWork.Release(GROUP, 1));
        assertThat(steps).containsExactly(NodeEvents.SendStep.BEGUN, NodeEvents.SendStep.GIVEN_UP);
    }

    @Test
    void aMemberThatCannotTakeOneWaitsLongerEachTimeAndTheOthersDoNot() {
        begin(2);
        members.add(new PeerStatus(3, 0, 0, Supply.NEEDS_SNAPSHOT, 0));
        progress(2, 0, Shipment.Stage.UNUSABLE);
        works();

        tick(HEARTBEAT_TICKS);
        assertThat(works()).containsExactly(new SnapshotWork.Make(GROUP, 2, 5));
        assertThat(sender.receiver()).isEqualTo(3);
        made(2);
        sender.progressed(3, new Shipment.Progress(2, SIZE, Shipment.Stage.DONE), out);
        members.set(1, new PeerStatus(3, 100, 0, Supply.ENTRIES, 0));
        works();

        assertThat(List.of(pause(3), pause(4), pause(5), pause(6))).containsExactly(2, 4, 8, 8);
    }

    @Test
    void aNewTermOfOfficeBeginsWithoutPauses() {
        begin(2);
        progress(2, 0, Shipment.Stage.UNUSABLE);
        sender.stop(out);
        works();

        tick(HEARTBEAT_TICKS);

        assertThat(works()).containsExactly(new SnapshotWork.Make(GROUP, 2, 5));
    }

    @Test
    void aMemberThatCaughtUpByTheLogNeedsItNoMore() {
        begin(2);
        receiving(2, 0);
        members.set(0, new PeerStatus(2, 90, 0, Supply.ENTRIES, 0));

        tick(HEARTBEAT_TICKS);

        assertThat(works()).contains(new SnapshotWork.Release(GROUP, 1));
        assertThat(steps)
                .containsExactly(NodeEvents.SendStep.BEGUN, NodeEvents.SendStep.NOT_NEEDED);
        assertThat(told).containsExactly("ordered 2 at 90", "made 2 at 100 of 100", "delivered 2");
    }

    @Test
    void theReplicaIsToldWhatIsSentFromItsOrderToItsEnd() {
        begin(2);
        assertThat(told).containsExactly("ordered 2 at 90", "made 2 at 100 of 100");

        progress(2, SIZE, Shipment.Stage.DONE);
        assertThat(told).endsWith("delivered 2");

        members.set(0, new PeerStatus(2, 0, 0, Supply.NEEDS_SNAPSHOT, 0));
        tick(2 * ELECTION_TICKS);
        made(2);
        progress(2, 2, 0, Shipment.Stage.UNUSABLE);
        assertThat(told).endsWith("given up 2");
    }

    @Test
    void aSnapshotThatTheLogsStartOvertookGivesWayToTheNextOneAtOnce() {
        begin(2);
        receiving(2, 0);
        works();
        members.set(0, new PeerStatus(2, 0, 0, Supply.NEEDS_SNAPSHOT, 0));

        tick(HEARTBEAT_TICKS);

        assertThat(steps).containsExactly(NodeEvents.SendStep.BEGUN, NodeEvents.SendStep.OVERTAKEN);
        assertThat(works())
                .containsExactly(
                        new SnapshotWork.Release(GROUP, 1), new SnapshotWork.Make(GROUP, 2, 5));
    }

    @Test
    void noMoreIsSentThanTheRateAllows() {
        // A chunk a tick of 10 ms.
        sender = senderAt(400);
        begin(2);
        long position = 0;
        receiving(2, 0);
        for (int i = 0; i < 10; i++) {
            position += 4L * reads().size();
            receiving(2, position);
            tick(1);
        }

        // What the ticks until the first read allowed, of which one heartbeat's is kept, and ten
        // more.
        assertThat(position).isBetween(9 * 4L, (10 + HEARTBEAT_TICKS) * 4L);
    }

    @Test
    void aSnapshotOfTooManyFilesIsNotOffered() {
        members.add(new PeerStatus(2, 0, 0, Supply.NEEDS_SNAPSHOT, 0));
        tick(HEARTBEAT_TICKS);
        List<SnapshotFile> files = new ArrayList<>();
        for (int i = 0; i <= SnapshotManifest.MAX_FILES; i++) {
            files.add(new SnapshotFile("f" + i, 1));
        }

        sender.made(
                new NodeInput.SnapshotMade(
                        GROUP,
                        1,
                        new SnapshotManifest(
                                MANIFEST.last(), 0, MANIFEST.stateHash(), Bytes.EMPTY, files)),
                out);

        assertThat(sent).isEmpty();
        assertThat(steps).endsWith(NodeEvents.SendStep.GIVEN_UP);
    }

    @Test
    void answersToAnotherShipmentOrFromAnotherMemberAreNothing() {
        begin(2);

        sender.progressed(3, new Shipment.Progress(1, 0, Shipment.Stage.DONE), out);
        sender.progressed(2, new Shipment.Progress(4, 0, Shipment.Stage.DONE), out);

        assertThat(sender.receiver()).isEqualTo(2);
    }

    /** Election timeouts until member 2 has its next transfer, which it can't take either. */
    private int pause(long number) {
        int ticks = 0;
        while (works().isEmpty()) {
            tick(1);
            ticks++;
        }
        made(number);
        sender.progressed(2, new Shipment.Progress(number, 0, Shipment.Stage.UNUSABLE), out);
        works();
        return Math.round((float) ticks / ELECTION_TICKS);
    }

    private SnapshotSender senderAt(long bytesPerSecond) {
        NodeOptions options = NodeOptions.DEFAULT
                .withRaft(RAFT)
                .withSnapshots(new SnapshotOptions(bytesPerSecond, 4, 8));
        return new SnapshotSender(Told::new, options, this::happened);
    }

    private void happened(NodeEvents.Event event) {
        steps.add(((NodeEvents.SnapshotSent) event).step());
    }

    /** The first snapshot is made and offered to the member. */
    private void begin(long nodeId) {
        members.add(new PeerStatus(nodeId, 0, 0, Supply.NEEDS_SNAPSHOT, 0));
        tick(HEARTBEAT_TICKS);
        made(1);
        works();
    }

    private void made(long number) {
        sender.made(new NodeInput.SnapshotMade(GROUP, number, MANIFEST), out);
    }

    private void receiving(long nodeId, long position) {
        progress(nodeId, position, Shipment.Stage.RECEIVING);
    }

    private void progress(long nodeId, long position, Shipment.Stage stage) {
        progress(nodeId, 1, position, stage);
    }

    private void progress(long nodeId, long number, long position, Shipment.Stage stage) {
        sender.progressed(nodeId, new Shipment.Progress(number, position, stage), out);
    }

    /** A replica whose members are what the test says, until one gets a snapshot. */
    private final class Told implements SnapshotPeers {
        @Override
        public List<PeerStatus> status() {
            return List.copyOf(members);
        }

        @Override
        public void ordered(long nodeId, long index) {
            told.add("ordered %d at %d".formatted(nodeId, index));
            supply(nodeId, Supply.SNAPSHOT);
        }

        @Override
        public void made(long nodeId, long index, long bytes) {
            told.add("made %d at %d of %d".formatted(nodeId, index, bytes));
        }

        @Override
        public void send(long nodeId, SnapshotPiece piece) {
            sent.add(new Sent(nodeId, piece));
        }

        @Override
        public void answer(Message.Header request, SnapshotPiece progress) {
            throw new AssertionError("a sender answers nobody");
        }

        @Override
        public void delivered(long nodeId) {
            told.add("delivered " + nodeId);
        }

        @Override
        public void givenUp(long nodeId) {
            told.add("given up " + nodeId);
            supply(nodeId, Supply.NEEDS_SNAPSHOT);
        }

        private void supply(long nodeId, Supply supply) {
            members.replaceAll(member -> member.nodeId() == nodeId
                    ? new PeerStatus(nodeId, member.matchIndex(), 0, supply, 0)
                    : member);
        }
    }

    private void tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            sender.tick(90, 5, out);
        }
    }

    /** Positions that were read since works were last asked for. */
    private List<Long> reads() {
        return works().stream()
                .map(SnapshotWork.Read.class::cast)
                .map(SnapshotWork.Read::position)
                .toList();
    }

    /** What was handed out since it was last asked. */
    private List<Work> works() {
        List<Work> works = List.copyOf(out.toWork());
        out.toWork().clear();
        return works;
    }
}
