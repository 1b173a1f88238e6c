package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Runs and the format of entries. */
class RunTest {
    private static final long GROUP = 7;

    @Test
    void entriesComeBackAsTheyWere() {
        for (long seed = 1; seed <= 50; seed++) {
            List<Entry> entries = entries(new SplittableRandom(seed), 1 + (int) seed);

            Run run = Run.decode(GROUP, Run.encode(GROUP, entries).encoded());

            assertThat(run.entryCount()).as("seed %d", seed).isEqualTo(entries.size());
            for (Entry entry : entries) {
                assertThat(run.entry(entry.index())).as("seed %d", seed).isEqualTo(entry);
                assertThat(run.termAt(entry.index())).isEqualTo(entry.term());
                assertThat(run.sizeBytesAt(entry.index()))
                        .isEqualTo(EntryFormat.encodedBytes(entry.payload()));
            }
        }
    }

    /** On disk and on the wire: never changes. */
    @Test
    void layoutIsTheDocumentedOne() {
        Entry entry = new Entry(
                new EntryId(2, 3),
                EntryKind.COMMAND,
                new Entry.Stamp(4, 5),
                new Entry.Origin(6, 9, 8, 10),
                Bytes.utf8("ab"));

        String hex = Run.encode(1, List.of(entry)).encoded().toHex();

        assertThat(hex.substring(8))
                .isEqualTo("3e0200"
                        + "0000000000000002"
                        + "0000000000000003"
                        + "0000000000000004"
                        + "0000000000000005"
                        + "0000000000000006"
                        + "0000000000000009"
                        + "00000001"
                        + "0000000a"
                        + "00000002"
                        + "6162");
        assertThat(hex.substring(0, 8)).isEqualTo("099da571");
    }

    @Test
    void everyFlippedBitIsFound() {
        Bytes good = Run.encode(GROUP, entries(new SplittableRandom(1), 4)).encoded();
        for (int bit = 0; bit < good.length() * 8; bit++) {
            byte[] damaged = good.toArray();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThatThrownBy(() -> Run.decode(GROUP, Bytes.of(damaged)))
                    .as("bit %d", bit)
                    .isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void everyLostEndIsFound() {
        Run run = Run.encode(GROUP, entries(new SplittableRandom(1), 3));
        Bytes good = run.encoded();
        int second = run.sizeBytesAt(run.firstIndex());
        int third = second + run.sizeBytesAt(run.firstIndex() + 1);
        for (int length = 0; length < good.length(); length++) {
            Bytes cut = good.slice(0, length);
            if (length == second || length == third) {
                continue; // Between two entries: a shorter run, which only the log can miss.
            }

            assertThatThrownBy(() -> Run.decode(GROUP, cut))
                    .as("%d bytes", length)
                    .isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void entryOfAnotherGroupIsDamage() {
        Bytes encoded = Run.encode(GROUP, entries(new SplittableRandom(1), 1)).encoded();

        assertThatThrownBy(() -> Run.decode(GROUP + 1, encoded))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void entriesOutOfPlaceAreDamage() {
        Bytes first = encoded(2, 5);
        for (Bytes next : List.of(encoded(2, 5), encoded(2, 7), encoded(2, 4), encoded(1, 6))) {
            assertThatThrownBy(() -> Run.decode(GROUP, joined(first, next)))
                    .isInstanceOf(DamagedException.class);
        }
        assertThat(Run.decode(GROUP, joined(first, encoded(3, 6))).lastId())
                .isEqualTo(new EntryId(3, 6));
        assertThatThrownBy(() -> Run.decode(GROUP, encoded(1, 0)))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void gapIsNeverEncoded() {
        List<Entry> gap = List.of(RaftCluster.entry(1, 1, "a"), RaftCluster.entry(1, 3, "b"));

        assertThatThrownBy(() -> Run.encode(GROUP, gap)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> Run.encode(GROUP, List.of()))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void slicesAndJoinsGiveTheSameBytes() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Run whole = Run.encode(GROUP, entries(random, 20));
            List<Run> pieces = new ArrayList<>();
            for (long from = whole.firstIndex(); from <= whole.lastIndex(); ) {
                long to = from + 1 + random.nextLong(whole.lastIndex() + 1 - from);
                Run piece = whole.slice(from, to);
                assertThat(piece.encoded().array()).isSameAs(whole.encoded().array());
                assertThat(piece.firstIndex()).isEqualTo(from);
                assertThat(piece.entry(to - 1)).isEqualTo(whole.entry(to - 1));
                pieces.add(piece);
                from = to;
            }

            Run joined = Run.join(pieces);

            assertThat(joined).as("seed %d", seed).isEqualTo(whole);
            assertThat(joined.entry(whole.lastIndex())).isEqualTo(whole.entry(whole.lastIndex()));
            assertThat(Run.decode(GROUP, joined.encoded())).isEqualTo(whole);
        }
    }

    @Test
    void sliceWithinTakesWhatFitsButAtLeastOneEntry() {
        Run run = Run.join(RaftCluster.logOf(1, 1, 1, 1)); // 71 bytes each

        assertThat(run.sliceWithin(2, 71 * 2).entryCount()).isEqualTo(2);
        assertThat(run.sliceWithin(2, 71 * 2 + 70).entryCount()).isEqualTo(2);
        assertThat(run.sliceWithin(2, 9_999).entryCount()).isEqualTo(3);
        assertThat(run.sliceWithin(4, 1).entryCount()).isEqualTo(1);
    }

    @Test
    void sliceBeyondTheRunIsAMistake() {
        Run run = Run.join(RaftCluster.logOf(1, 1, 1));

        assertThatThrownBy(() -> run.slice(0, 2)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> run.slice(2, 2)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> run.slice(2, 5)).isInstanceOf(InvariantViolation.class);
    }

    // P7: a later version may put more into the header; its length says where the payload begins.
    @Test
    void longerHeaderOfALaterVersionIsSkipped() {
        Bytes payload = Bytes.utf8("payload");
        BytesWriter out = new BytesWriter(128).putInt(0).putByte(66).putByte(2).putByte(0);
        out.putLong(1)
                .putLong(1)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putInt(0)
                .putInt(0);
        out.putInt(payload.length()).putInt(0x11223344).put(payload);
        out.setInt(0, new Crc32c().update(GROUP).update(out.written(4)).value());

        Entry entry = Run.decode(GROUP, out.toBytes()).entry(1);

        assertThat(entry.payload()).isEqualTo(payload);
    }

    private static Bytes encoded(long term, long index) {
        return Run.encode(GROUP, List.of(RaftCluster.entry(term, index, "x"))).encoded();
    }

    private static Bytes joined(Bytes first, Bytes second) {
        return new BytesWriter(256).put(first).put(second).toBytes();
    }

    private static List<Entry> entries(SplittableRandom random, int count) {
        List<Entry> entries = new ArrayList<>();
        long firstIndex = 1 + random.nextLong(1L << 40);
        long term = random.nextLong(1L << 40);
        for (int i = 0; i < count; i++) {
            term += random.nextInt(2);
            byte[] payload = new byte[random.nextInt(30)];
            random.nextBytes(payload);
            long sequence = random.nextLong(1L << 40);
            long lowest = sequence - random.nextLong(Math.min(sequence, Integer.MAX_VALUE) + 1);
            entries.add(new Entry(
                    new EntryId(term, firstIndex + i),
                    EntryKind.ofCode(random.nextInt(4)),
                    new Entry.Stamp(random.nextLong(), random.nextLong()),
                    new Entry.Origin(random.nextLong(), sequence, lowest, random.nextInt()),
                    Bytes.of(payload)));
        }
        return entries;
    }
}
