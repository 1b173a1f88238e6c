package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.codec.Shipment;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftOptions;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Chunks of four bytes, two of them at most in memory; a snapshot of two files, of six and of three bytes. */
class SnapshotReceiverTest {
    private static final long GROUP = 1;
    private static final long LEADER = 2;
    private static final long ME = 3;
    private static final int ELECTION_TICKS = 10;
    private static final NodeOptions OPTIONS = NodeOptions.DEFAULT
            .withRaft(RaftOptions.DEFAULT.withHeartbeatTicks(2).withElectionTicks(ELECTION_TICKS))
            .withSnapshots(new SnapshotOptions(1_000_000, 4, 8));
    private static final Bytes CONFIGURATION = Bytes.utf8("three voters");
    private static final SnapshotManifest MANIFEST = new SnapshotManifest(
            new EntryId(7, 100),
            0,
            Bytes.of(new byte[16]),
            CONFIGURATION,
            List.of(new SnapshotFile("a", 6), new SnapshotFile("b", 3)));
    private static final Bytes CONTENT = Bytes.utf8("aaaabbccc");
    private static final Message.Header HEADER = new Message.Header(GROUP, LEADER, ME, 7, 1);

    private final List<NodeEvents.Event> events = new ArrayList<>();
    private final SnapshotReceiver receiver =
            new SnapshotReceiver(this::answered, OPTIONS, events::add);
    private final TurnOutput out = new TurnOutput();
    private final List<Shipment.Progress> answers = new ArrayList<>();

    @Test
    void allOfItComesInAndIsStagedOnce() {
        begin();

        chunk(0, 4);
        chunk(4, 6);
        written(4);
        written(6);
        chunk(6, 9);
        assertThat(works()).hasSize(3).allMatch(SnapshotWork.Write.class::isInstance);
        written(9);

        assertThat(works()).containsExactly(new SnapshotWork.Stage(GROUP, 1, 5));
        assertThat(stages()).containsOnly(Shipment.Stage.RECEIVING);
    }

    /** Seed 2247: an offer that came twice was answered at once, and the store refused the snapshot later. */
    @Test
    void nothingIsTakenWhileItMayStillBeRefused() {
        offer(1, MANIFEST);
        assertThat(works()).containsExactly(new SnapshotWork.Receive(GROUP, 1, MANIFEST));

        offer(1, MANIFEST);
        chunk(0, 4);

        assertThat(works()).isEmpty();
        assertThat(answers).isEmpty();
        staged("no room for it");
        assertThat(stages()).containsExactly(Shipment.Stage.UNUSABLE);
        assertThat(receiver.sender()).isZero();
    }

    @Test
    void aChunkThatIsNotNextOrNotWholeIsAnsweredWithWhereItGoesOn() {
        begin();
        chunk(0, 4);
        written(4);
        works();
        answers.clear();

        chunk(0, 4);
        chunk(6, 9);
        // Of two files.
        chunk(4, 8);
        receiver.chunk(HEADER, new Shipment.Chunk(1, 4, 0, CONTENT.slice(4, 6)), out);

        assertThat(works()).isEmpty();
        assertThat(answers)
                .hasSize(4)
                .containsOnly(new Shipment.Progress(1, 4, Shipment.Stage.RECEIVING));
    }

    @Test
    void noMoreIsTakenThanMayBeInMemory() {
        SnapshotManifest large = new SnapshotManifest(
                MANIFEST.last(),
                0,
                MANIFEST.stateHash(),
                CONFIGURATION,
                List.of(new SnapshotFile("a", 100)));
        offer(1, large);
        written(0);
        works();

        for (int position = 0; position < 100; position += 4) {
            receiver.chunk(
                    HEADER,
                    new Shipment.Chunk(
                            1, position, crc(Bytes.of(new byte[4])), Bytes.of(new byte[4])),
                    out);
        }

        // The window, and a chunk that was on its way.
        assertThat(works()).hasSize(3);
    }

    @Test
    void aChunkOfAnotherShipmentOrOfAnotherLifeOfItsSenderIsUnknown() {
        begin();
        answers.clear();
        Bytes bytes = CONTENT.slice(0, 4);

        receiver.chunk(HEADER, new Shipment.Chunk(2, 0, crc(bytes), bytes), out);
        receiver.chunk(
                new Message.Header(GROUP, LEADER, ME, 7, 2),
                new Shipment.Chunk(1, 0, crc(bytes), bytes),
                out);

        assertThat(works()).isEmpty();
        assertThat(answers)
                .containsExactly(
                        new Shipment.Progress(2, 0, Shipment.Stage.UNKNOWN),
                        new Shipment.Progress(1, 0, Shipment.Stage.UNKNOWN));
    }

    @Test
    void whatThisMemberHasAlreadyIsDone() {
        receiver.offered(
                HEADER,
                new Shipment.Offer(1, MANIFEST),
                MANIFEST.last().index(),
                CONFIGURATION,
                out);

        assertThat(works()).isEmpty();
        assertThat(stages()).containsExactly(Shipment.Stage.DONE);
    }

    @Test
    void onlyThisGroupsConfigurationIsListenedTo() {
        receiver.offered(HEADER, new Shipment.Offer(1, MANIFEST), 0, Bytes.utf8("other"), out);

        assertThat(works()).isEmpty();
        assertThat(answers).isEmpty();
        assertThat(events).hasSize(1).allMatch(NodeEvents.MessageDropped.class::isInstance);
    }

    @Test
    void anotherOfferEndsTheOneBeforeUnlessAllOfThatIsThere() {
        begin();
        offer(2, MANIFEST);
        assertThat(works())
                .containsExactly(
                        new SnapshotWork.Abandon(GROUP),
                        new SnapshotWork.Receive(GROUP, 2, MANIFEST));
        receiver.written(new NodeInput.ChunkWritten(GROUP, 2, 9), 5, out);
        works();

        offer(3, MANIFEST);

        assertThat(works()).isEmpty();
    }

    @Test
    void itIsGivenUpWhenNothingMoreComesButNotWhenAllOfItIsThere() {
        begin();
        tick(20 * ELECTION_TICKS - 1);
        assertThat(works()).isEmpty();
        tick(1);
        assertThat(works()).containsExactly(new SnapshotWork.Abandon(GROUP));

        offer(1, MANIFEST);
        receiver.written(new NodeInput.ChunkWritten(GROUP, 2, 9), 5, out);
        works();
        tick(100 * ELECTION_TICKS);

        assertThat(works()).isEmpty();
    }

    @Test
    void anAnswerOfTheStoreToATransferThatIsOverIsNothing() {
        begin();
        receiver.giveUp("because", out);
        works();
        answers.clear();

        written(4);
        staged("damaged");
        assertThat(receiver.staged(new NodeInput.SnapshotStaged(GROUP, 1, 5, ""), out))
                .isEmpty();

        assertThat(works()).isEmpty();
        assertThat(answers).isEmpty();
    }

    private void answered(Message.Header request, Shipment.Progress progress) {
        assertThat(request.from()).isEqualTo(LEADER);
        answers.add(progress);
    }

    private void begin() {
        offer(1, MANIFEST);
        works();
        written(0);
    }

    private void offer(long shipment, SnapshotManifest manifest) {
        receiver.offered(HEADER, new Shipment.Offer(shipment, manifest), 0, CONFIGURATION, out);
    }

    private void chunk(int from, int to) {
        Bytes bytes = CONTENT.slice(from, to);
        receiver.chunk(HEADER, new Shipment.Chunk(1, from, crc(bytes), bytes), out);
    }

    private void written(long position) {
        receiver.written(new NodeInput.ChunkWritten(GROUP, 1, position), 5, out);
    }

    private void staged(String unusable) {
        assertThat(receiver.staged(new NodeInput.SnapshotStaged(GROUP, 1, 0, unusable), out))
                .isEmpty();
    }

    private void tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            receiver.tick(out);
        }
    }

    /** What was handed out since it was last asked. */
    private List<Work> works() {
        List<Work> works = List.copyOf(out.toWork());
        out.toWork().clear();
        return works;
    }

    private List<Shipment.Stage> stages() {
        return answers.stream().map(Shipment.Progress::stage).toList();
    }

    private static int crc(Bytes bytes) {
        return new Crc32c().update(bytes).value();
    }
}
