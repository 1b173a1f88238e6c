package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Hash128;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The heads of rows that were written lately, in a ring of bytes: one that is new goes to where the ring is written, and
 * what was there is forgotten; one that is known is changed where it is. Objects that live as long as these would cost
 * the garbage collector as much as asking the store; here it sees a few arrays. Apply thread.
 */
final class RowHeads {
    /** The ring is made of pieces of this size at most, each when writing gets there for the first time. */
    static final int MAX_SEGMENT_BYTES = 256 << 10;

    /** What is about to be overwritten is forgotten already; it should be a small part. */
    private static final int MIN_SEGMENTS = 8;

    /** How many places a head has in the index. If all of them are taken, another one loses its own. */
    private static final int WAYS = 4;

    /** A head takes several times this, so that few buckets are full; the index takes up to a fifth of the memory. */
    private static final int RING_BYTES_A_SLOT = 16;

    // A record in the ring: the key's length, its revisions, the row's hash, the key.
    private static final int NUMBERS_AT = Integer.BYTES;
    private static final int NUMBERS = 4;
    private static final int HASH_AT = NUMBERS_AT + NUMBERS * Long.BYTES;
    private static final int KEY_AT = HASH_AT + Hash128.BYTES;
    private static final int UNIT_BYTES = 16;

    /** A key that does not fit into one, with its head, is not known. */
    private final int segmentBytes;

    private final int maxSegments;
    private final List<byte[]> segments = new ArrayList<>();
    /** Where each segment's records end, in bytes. */
    private final int[] ends;
    /** Which segment is written to. */
    private int written;

    /** Where heads are, in units from the ring's first, plus 1; 0 = nothing. {@link #WAYS} for each hash. */
    private final int[] slots;

    /** @param maxBytes of memory; below some hundred, nothing is known */
    RowHeads(long maxBytes) {
        long ringBytes = maxBytes / (RING_BYTES_A_SLOT + Integer.BYTES) * RING_BYTES_A_SLOT;
        segmentBytes = (int)
                Math.min(MAX_SEGMENT_BYTES, ringBytes / MIN_SEGMENTS / UNIT_BYTES * UNIT_BYTES);
        maxSegments = segmentBytes == 0 ? 0 : Math.toIntExact(ringBytes / segmentBytes);
        ends = new int[maxSegments];
        int wanted = Math.toIntExact(ringBytes / RING_BYTES_A_SLOT);
        slots = new int[Math.max(WAYS, Integer.highestOneBit(wanted))];
    }

    /** The head as it was put last; empty if that is forgotten, or was never known. */
    Optional<RowHead> get(Bytes rowKey) {
        int slot = slotOf(rowKey, bucketOf(rowKey));
        return slot < 0 ? Optional.empty() : Optional.of(headAt(slots[slot] - 1));
    }

    void put(Bytes rowKey, RowHead head) {
        int bucket = bucketOf(rowKey);
        int slot = slotOf(rowKey, bucket);
        if (slot >= 0) {
            write(rowKey, head, slots[slot] - 1);
        } else if (KEY_AT + rowKey.length() <= segmentBytes) {
            // Makes room first: that may free a slot.
            int unit = append(KEY_AT + rowKey.length());
            write(rowKey, head, unit);
            slots[freeSlot(bucket)] = unit + 1;
        }
    }

    void remove(Bytes rowKey) {
        int slot = slotOf(rowKey, bucketOf(rowKey));
        if (slot >= 0) {
            slots[slot] = 0;
        }
    }

    private void write(Bytes rowKey, RowHead head, int unit) {
        KeyRevisions revisions = head.revisions();
        byte[] record = new BytesWriter(KEY_AT + rowKey.length())
                .putInt(rowKey.length())
                .putLong(revisions.createRevision())
                .putLong(revisions.modRevision())
                .putLong(revisions.version())
                .putLong(revisions.lease())
                .putLong(head.hash().high())
                .putLong(head.hash().low())
                .put(rowKey)
                .toBytes()
                .array();
        System.arraycopy(
                record, 0, segments.get(segmentOf(unit)), offsetOf(unit), KEY_AT + rowKey.length());
    }

    private int append(int bytes) {
        if (segments.isEmpty() || ends[written] + bytes > segmentBytes) {
            nextSegment();
        }
        int at = ends[written];
        ends[written] = at + roundedUp(bytes);
        return unitAt(written, at);
    }

    private void nextSegment() {
        if (segments.size() < maxSegments) {
            written = segments.size();
            segments.add(new byte[segmentBytes]);
        } else {
            written = (written + 1) % maxSegments;
            forgetSegment();
        }
        ends[written] = 0;
    }

    // A head that was removed, or lost its place, has no slot that leads here.
    private void forgetSegment() {
        for (int at = 0; at < ends[written]; ) {
            int unit = unitAt(written, at);
            Bytes rowKey = keyAt(unit);
            int bucket = bucketOf(rowKey);
            for (int slot = bucket; slot < bucket + WAYS; slot++) {
                if (slots[slot] == unit + 1) {
                    slots[slot] = 0;
                }
            }
            at += roundedUp(KEY_AT + rowKey.length());
        }
    }

    private static int roundedUp(int bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
    }

    /** -1 if it has none. */
    private int slotOf(Bytes rowKey, int bucket) {
        for (int slot = bucket; slot < bucket + WAYS; slot++) {
            if (slots[slot] != 0 && keyAt(slots[slot] - 1).equals(rowKey)) {
                return slot;
            }
        }
        return -1;
    }

    private int freeSlot(int bucket) {
        for (int slot = bucket; slot < bucket + WAYS; slot++) {
            if (slots[slot] == 0) {
                return slot;
            }
        }
        return bucket;
    }

    /** The first of the row's slots. */
    private int bucketOf(Bytes rowKey) {
        return (int) Hash128.of(rowKey).low() & (slots.length - 1) & -WAYS;
    }

    private RowHead headAt(int unit) {
        Bytes head = record(unit);
        KeyRevisions revisions = new KeyRevisions(
                head.longAt(NUMBERS_AT),
                head.longAt(NUMBERS_AT + Long.BYTES),
                head.longAt(NUMBERS_AT + 2 * Long.BYTES),
                head.longAt(NUMBERS_AT + 3 * Long.BYTES));
        return new RowHead(
                revisions, new Hash128(head.longAt(HASH_AT), head.longAt(HASH_AT + Long.BYTES)));
    }

    private Bytes keyAt(int unit) {
        Bytes record = record(unit);
        return record.slice(KEY_AT, KEY_AT + record.intAt(0));
    }

    // Nobody keeps it: the array is written to again.
    private Bytes record(int unit) {
        int at = offsetOf(unit);
        return Bytes.of(segments.get(segmentOf(unit)), at, segmentBytes - at);
    }

    private int unitAt(int segment, int offset) {
        return segment * (segmentBytes / UNIT_BYTES) + offset / UNIT_BYTES;
    }

    private int segmentOf(int unit) {
        return unit / (segmentBytes / UNIT_BYTES);
    }

    private int offsetOf(int unit) {
        return unit % (segmentBytes / UNIT_BYTES) * UNIT_BYTES;
    }
}
