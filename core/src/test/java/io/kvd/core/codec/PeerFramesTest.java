package io.kvd.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Message.AppendEntries;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.Run;
import io.kvd.protocol.PeerMessage;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

class PeerFramesTest {
    private static final long SEED = 20_261_121;

    private final RandomMessages random = new RandomMessages(new SplittableRandom(SEED));

    @Test
    void everyKindOfMessageSurvivesTheWire() {
        for (Class<?> kind : Message.class.getPermittedSubclasses()) {
            for (int i = 0; i < 200; i++) {
                PeerPayload sent = new PeerPayload.OfReplica(random.message(kind));

                List<PeerPayload> received = transfer(List.of(sent));

                assertThat(received).as("seed %d", SEED).containsExactly(joined(sent));
            }
        }
    }

    @Test
    void helloSurvivesTheWire() {
        for (int i = 0; i < 200; i++) {
            PeerPayload sent = new PeerPayload.OfNode(random.hello());

            assertThat(transfer(List.of(sent))).containsExactly(sent);
        }
    }

    @Test
    void manyMessagesKeepTheirOrder() {
        List<PeerPayload> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(random.payload());
        }

        List<PeerPayload> received = transfer(sent);

        assertThat(received)
                .containsExactlyElementsOf(
                        sent.stream().map(PeerFramesTest::joined).toList());
    }

    @Test
    void moreMessagesThanOneFrameCountsGoIntoSeveral() {
        PeerPayload heartbeat = new PeerPayload.OfReplica(
                new Message.TimeoutNow(new Message.Header(1, 1, 2, 3, 4)));

        List<Bytes> bodies = bodies(PeerFrames.encode(Collections.nCopies(70_000, heartbeat)));

        assertThat(bodies).hasSizeGreaterThan(1);
        assertThat(bodies.stream()
                        .mapToInt(body -> PeerFrames.decode(body).size())
                        .sum())
                .isEqualTo(70_000);
    }

    @Test
    void aFrameEndsWhenItIsLarge() {
        List<PeerPayload> appends = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            appends.add(new PeerPayload.OfReplica(append(i, run(i + 1, random.bytes(400_000)))));
        }

        List<Bytes> bodies = bodies(PeerFrames.encode(appends));

        assertThat(bodies)
                .hasSize(5)
                .allSatisfy(body ->
                        assertThat(body.length()).isLessThan(PeerFrames.TARGET_FRAME_BYTES));
    }

    @Test
    void entriesAreNotCopied() {
        Run run = run(1, random.bytes(1000));

        List<Bytes> pieces = PeerFrames.encode(List.of(new PeerPayload.OfReplica(append(0, run))));

        assertThat(pieces)
                .anySatisfy(piece ->
                        assertThat(piece.array()).isSameAs(run.encoded().array()));
    }

    @Test
    void theLargestEntryFitsIntoAFrame() {
        Run run = run(1, Bytes.of(new byte[64 << 20]));

        List<Bytes> pieces = PeerFrames.encode(List.of(new PeerPayload.OfReplica(append(0, run))));

        assertThat(pieces.stream().mapToLong(Bytes::length).sum())
                .isLessThan(Wire.MAX_PEER_FRAME_BYTES);
    }

    @Test
    void theEstimateIsAboutTheSize() {
        for (int i = 0; i < 500; i++) {
            PeerPayload payload = random.payload();
            long actual = PeerFrames.encode(List.of(payload)).stream()
                    .mapToLong(Bytes::length)
                    .sum();

            assertThat((long) PeerFrames.estimatedBytes(payload))
                    .isBetween(actual - 100, actual + 100);
        }
    }

    @Test
    void randomBytesAreDamageAndNothingElse() {
        SplittableRandom lengths = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            Bytes body = random.bytes(lengths.nextInt(300));

            assertDamagedOrFine(body);
            assertDamagedOrFine(sealed(body));
        }
    }

    @Test
    void whatFlippedBitsMakeOfAMessageIsDamageOrAnotherValidOne() {
        SplittableRandom flips = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] body =
                    bodies(PeerFrames.encode(List.of(random.payload()))).get(0).toArray();
            for (int flip = 1 + flips.nextInt(3); flip > 0; flip--) {
                body[flips.nextInt(body.length)] ^= (byte) (1 << flips.nextInt(Byte.SIZE));
            }

            assertDamagedOrFine(sealed(Bytes.of(body)));
        }
    }

    @Test
    void aFlippedBitIsAlwaysDamage() {
        Run run = run(1, random.bytes(50));
        byte[] body = bodies(PeerFrames.encode(
                        List.of(random.payload(), new PeerPayload.OfReplica(append(0, run)))))
                .get(0)
                .toArray();
        for (int bit = 0; bit < body.length * Byte.SIZE; bit++) {
            byte[] flipped = body.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

            assertThatThrownBy(() -> PeerFrames.decode(Bytes.of(flipped)))
                    .isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void everyCutIsDamage() {
        byte[] body = bodies(PeerFrames.encode(List.of(random.payload(), random.payload())))
                .get(0)
                .toArray();
        for (int length = 0; length < body.length; length++) {
            Bytes cut = Bytes.of(body, 0, length);

            assertThatThrownBy(() -> PeerFrames.decode(cut)).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void countsAndLengthsAreCheckedBeforeAnythingIsMade() {
        assertDamaged(
                new BytesWriter(0).putInt(0).putByte(0xff).putByte(0xff).putLong(0),
                "65535 messages");
        assertDamaged(frame(-1, 0), "header of -1 bytes");
        assertDamaged(frame(Integer.MAX_VALUE, 0), "header of 2147483647 bytes");
        assertDamaged(frame(2, -5), "end early");
        assertDamaged(
                new BytesWriter(0).putInt(0).putByte(0).putByte(0).putByte(7), "1 bytes behind");
    }

    @Test
    void entriesMustFollowPreviousAndStayInTheTerm() {
        Run run = run(5, Bytes.utf8("x"));
        Message.Header header = new Message.Header(RandomMessages.GROUP, 1, 2, 3, 4);

        assertDamaged(
                new AppendEntries(header, new EntryId(3, 3), List.of(run), 0, 0, 0, Moment.NONE),
                "after 3/t3");
        assertDamaged(
                new AppendEntries(
                        header, new EntryId(3, Long.MAX_VALUE), List.of(run), 0, 0, 0, Moment.NONE),
                "entry index");
        assertDamaged(
                new AppendEntries(
                        new Message.Header(RandomMessages.GROUP, 1, 2, 2, 4),
                        new EntryId(2, 4),
                        List.of(run),
                        0,
                        0,
                        0,
                        Moment.NONE),
                "in term 2");
    }

    @Test
    void anotherGroupsEntriesAreDamage() {
        Message.Header header = new Message.Header(RandomMessages.GROUP + 1, 1, 2, 3, 4);

        assertDamaged(
                new AppendEntries(
                        header,
                        new EntryId(3, 4),
                        List.of(run(5, Bytes.EMPTY)),
                        0,
                        0,
                        0,
                        Moment.NONE),
                "checksum");
    }

    @Test
    void termsThatCouldOverflowAreDamage() {
        assertDamaged(
                new Message.TimeoutNow(new Message.Header(1, 1, 2, Long.MAX_VALUE, 0)),
                "term 9223");
        assertDamaged(new Message.TimeoutNow(new Message.Header(1, 1, 2, -1, 0)), "term 1844");
        assertDamaged(new Message.TimeoutNow(new Message.Header(1, 0, 2, 1, 0)), "from node 0");
        assertDamaged(
                new Message.AppendAccepted(
                        new Message.Header(1, 1, 2, 1, 0), -1, 0, Moment.NONE, Fitness.UNKNOWN),
                "match index");
    }

    @Test
    void tooManyReadsAreDamage() {
        List<ReadId> reads = Collections.nCopies(MessageCodec.MAX_READS + 1, new ReadId(0, 0));

        assertDamaged(
                new Message.ReadIndexRequest(new Message.Header(1, 1, 2, 1, 0), reads),
                "65537 reads");
    }

    @Test
    void aMessageOfAnUnknownKindIsDamage() {
        Bytes header =
                Bytes.of(PeerMessage.newBuilder().setFrom(1).setTo(2).build().toByteArray());

        assertThatThrownBy(() -> MessageCodec.decode(header, Bytes.EMPTY))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("kind");
    }

    private void assertDamaged(Message message, String why) {
        List<Bytes> pieces = PeerFrames.encode(List.of(new PeerPayload.OfReplica(message)));
        Bytes body = bodies(pieces).get(0);

        assertThatThrownBy(() -> PeerFrames.decode(body))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(why);
    }

    private static void assertDamaged(BytesWriter body, String why) {
        Bytes bytes = body.toBytes();

        assertThatThrownBy(() -> PeerFrames.decode(bytes))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(why);
    }

    private static void assertDamagedOrFine(Bytes body) {
        try {
            PeerFrames.decode(body);
        } catch (DamagedException expected) {
            // The only exception that may leave the decoder.
        }
    }

    /** The body with the checksum that it should have, so that the decoder looks at the rest of it. */
    private static Bytes sealed(Bytes body) {
        try {
            byte[] sealed = body.toArray();
            Bytes checksum = new BytesWriter(Integer.BYTES)
                    .putInt(PeerFrames.checksum(body))
                    .toBytes();
            System.arraycopy(checksum.array(), 0, sealed, 0, Integer.BYTES);
            return Bytes.of(sealed);
        } catch (DamagedException damaged) {
            return body; // Not even its lengths are right.
        }
    }

    private static BytesWriter frame(int headerBytes, int runBytes) {
        return new BytesWriter(0)
                .putInt(0)
                .putByte(0)
                .putByte(1)
                .putInt(headerBytes)
                .putInt(runBytes)
                .putInt(0);
    }

    private static AppendEntries append(long previousIndex, Run run) {
        return new AppendEntries(
                new Message.Header(RandomMessages.GROUP, 1, 2, 3, 4),
                new EntryId(3, previousIndex),
                List.of(run),
                0,
                0,
                0,
                Moment.NONE);
    }

    private static Run run(long index, Bytes payload) {
        return Run.encode(
                RandomMessages.GROUP,
                List.of(new Entry(
                        new EntryId(3, index),
                        EntryKind.COMMAND,
                        Entry.Stamp.ZERO,
                        Entry.Origin.NONE,
                        payload)));
    }

    private static List<PeerPayload> transfer(List<PeerPayload> sent) {
        List<PeerPayload> received = new ArrayList<>();
        for (Bytes body : bodies(PeerFrames.encode(sent))) {
            received.addAll(PeerFrames.decode(body));
        }
        return received;
    }

    /** What the receiver's side of a connection makes of the pieces: the bodies between the lengths. */
    private static List<Bytes> bodies(List<Bytes> pieces) {
        BytesWriter stream = new BytesWriter(0);
        pieces.forEach(stream::put);
        BytesReader in = new BytesReader(stream.toBytes());
        List<Bytes> bodies = new ArrayList<>();
        while (in.remaining() > 0) {
            bodies.add(in.readSized());
        }
        return bodies;
    }

    /** The payload as it arrives: its runs are one byte string on the wire. */
    private static PeerPayload joined(PeerPayload payload) {
        if (payload instanceof PeerPayload.OfReplica replica
                && replica.message() instanceof AppendEntries m
                && m.entries().size() > 1) {
            return new PeerPayload.OfReplica(new AppendEntries(
                    m.header(),
                    m.previous(),
                    List.of(Run.join(m.entries())),
                    m.commitIndex(),
                    m.minMatchIndex(),
                    m.round(),
                    m.echo()));
        }
        return payload;
    }
}
