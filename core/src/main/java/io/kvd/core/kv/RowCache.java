package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Hash128;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows that were written last, in a ring of bytes: a row that is written goes to the head, and what the head runs
 * into is forgotten. Objects that live as long as these rows do would cost the garbage collector as much as asking the
 * store; here it sees a few arrays. Apply thread.
 */
final class RowCache {
    /** The ring is made of pieces of this size at most, each when the head gets there for the first time. */
    static final int MAX_SEGMENT_BYTES = 256 << 10;

    /** What the head is about to overwrite is forgotten already; it should be a small part. */
    private static final int MIN_SEGMENTS = 8;

    /** How many places a row has in the index. If all of them are taken, another row loses its own. */
    private static final int WAYS = 4;

    /** Rows are longer, as a rule; of shorter ones the index knows fewer than the ring holds. */
    private static final int RING_BYTES_A_SLOT = 64;

    // A record in the ring: key length, row length, the row's hash, key, row; and nothing up to the
    // next full unit.
    private static final int KEY_LENGTH_AT = 0;
    private static final int ROW_LENGTH_AT = 4;
    private static final int HASH_AT = 8;
    private static final int KEY_AT = HASH_AT + Hash128.BYTES;
    private static final int UNIT_BYTES = 16;

    /** A row that takes more, with its key, is not kept. */
    private final int segmentBytes;

    private final int maxSegments;
    private final List<byte[]> segments = new ArrayList<>();
    /** Where each segment's records end, in bytes. */
    private final int[] ends;
    /** Of the segment that is written to. */
    private int head;

    /** Where rows are, in units from the ring's first, plus 1; 0 = nothing. {@link #WAYS} for each hash. */
    private final int[] slots;

    /** A row as it is stored, and what it contributes to the state hash. */
    record Row(Bytes encoded, Hash128 hash) {}

    /** @param maxBytes of the ring; the index takes a 16th more */
    RowCache(long maxBytes) {
        segmentBytes = (int)
                Math.min(MAX_SEGMENT_BYTES, maxBytes / MIN_SEGMENTS / UNIT_BYTES * UNIT_BYTES);
        maxSegments = segmentBytes == 0 ? 0 : Math.toIntExact(maxBytes / segmentBytes);
        ends = new int[maxSegments];
        int wanted = Math.toIntExact(maxBytes / RING_BYTES_A_SLOT);
        slots = new int[Math.max(WAYS, Integer.highestOneBit(wanted))];
    }

    /** The row as it was written last; empty if that is forgotten, or was never known. */
    Optional<Row> get(Bytes rowKey) {
        int slot = slotOf(rowKey, bucketOf(rowKey));
        return slot < 0 ? Optional.empty() : Optional.of(rowAt(slots[slot] - 1));
    }

    void put(Bytes rowKey, Row row) {
        int bytes = KEY_AT + rowKey.length() + row.encoded().length();
        if (bytes > segmentBytes) {
            remove(rowKey);
            return;
        }
        int unit = append(rowKey, row, bytes);
        int bucket = bucketOf(rowKey);
        int known = slotOf(rowKey, bucket);
        slots[known < 0 ? freeSlot(bucket) : known] = unit + 1;
    }

    void remove(Bytes rowKey) {
        int slot = slotOf(rowKey, bucketOf(rowKey));
        if (slot >= 0) {
            slots[slot] = 0;
        }
    }

    private int append(Bytes rowKey, Row row, int bytes) {
        if (segments.isEmpty() || ends[head] + bytes > segmentBytes) {
            nextSegment();
        }
        int at = ends[head];
        ends[head] = at + roundedUp(bytes);
        byte[] record = new BytesWriter(bytes)
                .putInt(rowKey.length())
                .putInt(row.encoded().length())
                .putLong(row.hash().high())
                .putLong(row.hash().low())
                .put(rowKey)
                .put(row.encoded())
                .toBytes()
                .array();
        System.arraycopy(record, 0, segments.get(head), at, bytes);
        return unitAt(head, at);
    }

    private void nextSegment() {
        if (segments.size() < maxSegments) {
            head = segments.size();
            segments.add(new byte[segmentBytes]);
        } else {
            head = (head + 1) % maxSegments;
            forgetSegment();
        }
        ends[head] = 0;
    }

    // A row that was written again since, or removed, has no slot that leads here.
    private void forgetSegment() {
        // Read before any of it is written to, and not kept.
        Bytes segment = Bytes.of(segments.get(head));
        for (int at = 0; at < ends[head]; at += roundedUp(recordBytes(segment, at))) {
            Bytes rowKey = keyAt(segment, at);
            int bucket = bucketOf(rowKey);
            for (int slot = bucket; slot < bucket + WAYS; slot++) {
                if (slots[slot] == unitAt(head, at) + 1) {
                    slots[slot] = 0;
                }
            }
        }
    }

    private static int recordBytes(Bytes segment, int at) {
        return KEY_AT + segment.intAt(at + KEY_LENGTH_AT) + segment.intAt(at + ROW_LENGTH_AT);
    }

    private static Bytes keyAt(Bytes segment, int at) {
        int from = at + KEY_AT;
        return segment.slice(from, from + segment.intAt(at + KEY_LENGTH_AT));
    }

    private static int roundedUp(int bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
    }

    /** -1 if it has none. */
    private int slotOf(Bytes rowKey, int bucket) {
        for (int slot = bucket; slot < bucket + WAYS; slot++) {
            if (slots[slot] != 0 && isAt(rowKey, slots[slot] - 1)) {
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

    private boolean isAt(Bytes rowKey, int unit) {
        return keyAt(segmentOf(unit), offsetOf(unit)).equals(rowKey);
    }

    private Row rowAt(int unit) {
        Bytes segment = segmentOf(unit);
        int at = offsetOf(unit);
        int from = at + KEY_AT + segment.intAt(at + KEY_LENGTH_AT);
        int length = segment.intAt(at + ROW_LENGTH_AT);
        Hash128 hash = new Hash128(
                segment.longAt(at + HASH_AT), segment.longAt(at + HASH_AT + Long.BYTES));
        return new Row(Bytes.of(segment.slice(from, from + length).toArray()), hash);
    }

    private int unitAt(int segment, int offset) {
        return segment * (segmentBytes / UNIT_BYTES) + offset / UNIT_BYTES;
    }

    // What is read of it is copied before the next row is put.
    private Bytes segmentOf(int unit) {
        return Bytes.of(segments.get(unit / (segmentBytes / UNIT_BYTES)));
    }

    private int offsetOf(int unit) {
        return unit % (segmentBytes / UNIT_BYTES) * UNIT_BYTES;
    }
}
