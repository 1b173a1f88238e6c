package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.codec.Transfer;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.EntryId;
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
    private static final Transfer.Route ROUTE = new Transfer.Route(GROUP, LEADER, ME, 1, 1);

    private final List<NodeEvents.Event> events = new ArrayList<>();
    private final SnapshotReceiver receiver = new SnapshotReceiver(GROUP, OPTIONS, events::add);
    private TurnOutput out = new TurnOutput();

    @Test
    void allOfItComesInAndIsStagedOnce() {
        begin(ROUTE);

        chunk(0, 4);
        chunk(4, 6);
        written(4);
        written(6);
        chunk(6, 9);
        assertThat(works()).hasSize(3).allMatch(SnapshotWork.Write.class::isInstance);
        written(9);

        assertThat(works()).containsExactly(new SnapshotWork.Stage(GROUP, 1, 5));
        assertThat(stages()).containsOnly(Transfer.Stage.RECEIVING);
    }

    /** Seed 2247: an offer that came twice was answered at once, and the store refused the snapshot later. */
    @Test
    void nothingIsTakenWhileItMayStillBeRefused() {
        offer(ROUTE, MANIFEST);
        assertThat(works()).containsExactly(new SnapshotWork.Receive(GROUP, 1, MANIFEST));

        offer(ROUTE, MANIFEST);
        chunk(0, 4);

        assertThat(works()).isEmpty();
        assertThat(out.transfers()).isEmpty();
        staged("no room for it");
        assertThat(stages()).containsExactly(Transfer.Stage.UNUSABLE);
        assertThat(receiver.sender()).isZero();
    }

    @Test
    void aChunkThatIsNotNextOrNotWholeIsAnsweredWithWhereItGoesOn() {
        begin(ROUTE);
        chunk(0, 4);
        written(4);
        works();
        out = new TurnOutput();

        chunk(0, 4);
        chunk(6, 9);
        // Of two files.
        chunk(4, 8);
        receiver.chunk(new Transfer.Chunk(ROUTE, 4, 0, CONTENT.slice(4, 6)), out);

        assertThat(works()).isEmpty();
        assertThat(out.transfers())
                .hasSize(4)
                .containsOnly(new Transfer.Progress(ROUTE.reversed(), 4, Transfer.Stage.RECEIVING));
    }

    @Test
    void noMoreIsTakenThanMayBeInMemory() {
        SnapshotManifest large = new SnapshotManifest(
                MANIFEST.last(),
                0,
                MANIFEST.stateHash(),
                CONFIGURATION,
                List.of(new SnapshotFile("a", 100)));
        offer(ROUTE, large);
        written(0);
        works();

        for (int position = 0; position < 100; position += 4) {
            receiver.chunk(
                    new Transfer.Chunk(
                            ROUTE, position, crc(Bytes.of(new byte[4])), Bytes.of(new byte[4])),
                    out);
        }

        // The window, and a chunk that was on its way.
        assertThat(works()).hasSize(3);
    }

    @Test
    void aChunkOfAnotherTransferIsUnknown() {
        begin(ROUTE);
        out = new TurnOutput();
        Transfer.Route other = new Transfer.Route(GROUP, LEADER, ME, 1, 2);

        receiver.chunk(
                new Transfer.Chunk(other, 0, crc(CONTENT.slice(0, 4)), CONTENT.slice(0, 4)), out);

        assertThat(works()).isEmpty();
        assertThat(out.transfers())
                .containsExactly(
                        new Transfer.Progress(other.reversed(), 0, Transfer.Stage.UNKNOWN));
    }

    @Test
    void whatThisMemberHasAlreadyIsDone() {
        receiver.offered(
                new Transfer.Offer(ROUTE, MANIFEST),
                LEADER,
                MANIFEST.last().index(),
                CONFIGURATION,
                out);

        assertThat(works()).isEmpty();
        assertThat(stages()).containsExactly(Transfer.Stage.DONE);
    }

    @Test
    void onlyTheLeaderAndOnlyThisGroupsConfigurationIsListenedTo() {
        receiver.offered(new Transfer.Offer(ROUTE, MANIFEST), 1, 0, CONFIGURATION, out);
        receiver.offered(new Transfer.Offer(ROUTE, MANIFEST), LEADER, 0, Bytes.utf8("other"), out);

        assertThat(works()).isEmpty();
        assertThat(out.transfers()).isEmpty();
        assertThat(events).hasSize(2).allMatch(NodeEvents.MessageDropped.class::isInstance);
    }

    @Test
    void anotherOfferEndsTheOneBeforeUnlessAllOfThatIsThere() {
        begin(ROUTE);
        Transfer.Route second = new Transfer.Route(GROUP, LEADER, ME, 1, 2);
        offer(second, MANIFEST);
        assertThat(works())
                .containsExactly(
                        new SnapshotWork.Abandon(GROUP),
                        new SnapshotWork.Receive(GROUP, 2, MANIFEST));
        receiver.written(new NodeInput.ChunkWritten(GROUP, 2, 9), 5, out);
        works();

        offer(new Transfer.Route(GROUP, LEADER, ME, 1, 3), MANIFEST);

        assertThat(works()).isEmpty();
    }

    @Test
    void itIsGivenUpWhenNothingMoreComesButNotWhenAllOfItIsThere() {
        begin(ROUTE);
        tick(20 * ELECTION_TICKS - 1);
        assertThat(works()).isEmpty();
        tick(1);
        assertThat(works()).containsExactly(new SnapshotWork.Abandon(GROUP));

        offer(ROUTE, MANIFEST);
        receiver.written(new NodeInput.ChunkWritten(GROUP, 2, 9), 5, out);
        works();
        tick(100 * ELECTION_TICKS);

        assertThat(works()).isEmpty();
    }

    @Test
    void anAnswerOfTheStoreToATransferThatIsOverIsNothing() {
        begin(ROUTE);
        receiver.giveUp("because", out);
        works();
        out = new TurnOutput();

        written(4);
        staged("damaged");
        assertThat(receiver.staged(new NodeInput.SnapshotStaged(GROUP, 1, 5, ""), out))
                .isEmpty();

        assertThat(works()).isEmpty();
        assertThat(out.transfers()).isEmpty();
    }

    private void begin(Transfer.Route route) {
        offer(route, MANIFEST);
        works();
        written(0);
    }

    private void offer(Transfer.Route route, SnapshotManifest manifest) {
        receiver.offered(new Transfer.Offer(route, manifest), LEADER, 0, CONFIGURATION, out);
    }

    private void chunk(int from, int to) {
        Bytes bytes = CONTENT.slice(from, to);
        receiver.chunk(new Transfer.Chunk(ROUTE, from, crc(bytes), bytes), out);
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

    private List<Transfer.Stage> stages() {
        return out.transfers().stream()
                .map(Transfer.Progress.class::cast)
                .map(Transfer.Progress::stage)
                .toList();
    }

    private static int crc(Bytes bytes) {
        return new Crc32c().update(bytes).value();
    }
}
