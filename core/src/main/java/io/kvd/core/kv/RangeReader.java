package io.kvd.core.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.InvariantViolation;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads keys of the present from one view, whose revision every answer carries. Whether the view is recent enough is
 * the caller's business; so is validating the request. Any thread that may use the view.
 */
public final class RangeReader {
    /**
     * Keys and values in one answer, and what each row takes beside them; but at least one row, and the rest with
     * {@code more} and {@code next_key}.
     */
    public static final int MAX_ANSWER_BYTES = 1 << 20;

    /** The range end that stands for the end of the keyspace. */
    public static final ByteString TO_THE_END = ByteString.copyFrom(new byte[] {0});

    /**
     * What a row of an answer takes beside its bytes, while the answer is made. Without it an answer of the smallest
     * rows would take twenty times its size.
     */
    private static final int ROW_OVERHEAD_BYTES = 128;

    /** Read for one answer, so that keys of large values are listed in steps, too. */
    private static final int MAX_READ_BYTES = 16 << 20;

    /** A count asks after so many keys whether it is still wanted: a few milliseconds if their values are large. */
    private static final int KEYS_BETWEEN_LOOKS = 64;

    private RangeReader() {}

    /** Whether the request counts a range: no limit and no answer's size ends that, so it is for {@link #count}. */
    public static boolean isCount(RangeRequest request) {
        return request.getCountOnly() && !request.getRangeEnd().isEmpty();
    }

    /**
     * Counts the keys of a range, all in the one view.
     *
     * @param isOver asked at the first key and again and again: whether nobody waits for the answer any more
     * @return empty if it was over before the end: there is no part of a count
     */
    public static Optional<RangeResult> count(
            StateView view, RangeRequest request, BooleanSupplier isOver) {
        Bytes from = StateKeys.current(request.getKey());
        Bytes to = endOf(request);
        long count = 0;
        if (from.compareTo(to) < 0) {
            try (StateView.Cursor cursor = view.scan(from, to)) {
                for (; cursor.next(); count++) {
                    if (count % KEYS_BETWEEN_LOOKS == 0 && isOver.getAsBoolean()) {
                        return Optional.empty();
                    }
                }
            }
        }
        long revision = revision(view.get(StateKeys.META).orElseThrow(RangeReader::neverOpened));
        return Optional.of(
                RangeResult.newBuilder().setRevision(revision).setCount(count).build());
    }

    public static RangeResult read(StateView view, RangeRequest request) {
        return readAll(view, List.of(request)).get(0);
    }

    /** One answer a request, in order; none of them {@link #isCount}. All single keys are read at once. */
    public static List<RangeResult> readAll(StateView view, List<RangeRequest> requests) {
        List<RangeResult> results = new ArrayList<>(requests.size());
        readAll(view, requests, results::add);
        return results;
    }

    /** As the other one, and each answer is given away before the next range is read. */
    public static void readAll(
            StateView view, List<RangeRequest> requests, Consumer<RangeResult> results) {
        List<Bytes> rowKeys = new ArrayList<>(requests.size() + 1);
        rowKeys.add(StateKeys.META);
        for (RangeRequest request : requests) {
            Check.that(!isCount(request), "a count among reads that are over soon");
            if (request.getRangeEnd().isEmpty()) {
                rowKeys.add(StateKeys.current(request.getKey()));
            }
        }
        List<Optional<Bytes>> rows = view.multiGet(rowKeys);
        long revision = revision(rows.get(0).orElseThrow(RangeReader::neverOpened));
        int nextRow = 1;
        for (RangeRequest request : requests) {
            RangeResult.Builder result = RangeResult.newBuilder().setRevision(revision);
            if (request.getRangeEnd().isEmpty()) {
                rows.get(nextRow++).ifPresent(row -> readKey(request, row, result));
            } else {
                readRange(view, request, result);
            }
            results.accept(result.build());
        }
    }

    private static long revision(Bytes meta) {
        return StateKeys.decodeMeta(meta).revision();
    }

    private static InvariantViolation neverOpened() {
        return new InvariantViolation("reading a state that was never opened");
    }

    private static Bytes endOf(RangeRequest request) {
        return request.getRangeEnd().equals(TO_THE_END)
                ? StateKeys.CURRENT_END
                : StateKeys.current(request.getRangeEnd());
    }

    private static void readKey(RangeRequest request, Bytes row, RangeResult.Builder result) {
        if (request.getCountOnly()) {
            result.setCount(1);
        } else {
            result.addKvs(keyValue(request, request.getKey(), row));
        }
    }

    private static void readRange(
            StateView view, RangeRequest request, RangeResult.Builder result) {
        Bytes from = StateKeys.current(request.getKey());
        Bytes to = endOf(request);
        if (from.compareTo(to) >= 0) {
            return;
        }
        try (StateView.Cursor cursor = view.scan(from, to)) {
            readRows(cursor, request, result);
        }
    }

    private static void readRows(
            StateView.Cursor cursor, RangeRequest request, RangeResult.Builder result) {
        long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        long answerBytes = 0;
        long readBytes = 0;
        while (cursor.next()) {
            ByteString key = byteString(StateKeys.userKey(cursor.key()));
            Bytes value = cursor.value();
            KeyValue next = keyValue(request, key, value);
            answerBytes += next.getSerializedSize() + ROW_OVERHEAD_BYTES;
            readBytes += value.length();
            boolean full = result.getKvsCount() == limit
                    || answerBytes > MAX_ANSWER_BYTES
                    || readBytes > MAX_READ_BYTES;
            if (full && result.getKvsCount() > 0) {
                result.setMore(true).setNextKey(key);
                return;
            }
            result.addKvs(next);
        }
    }

    private static KeyValue keyValue(RangeRequest request, ByteString key, Bytes value) {
        CurrentRow row = StateKeys.decodeCurrent(value);
        KeyValue.Builder keyValue = KeyValue.newBuilder()
                .setKey(key)
                .setCreateRevision(row.revisions().createRevision())
                .setModRevision(row.revisions().modRevision())
                .setVersion(row.revisions().version())
                .setLease(row.revisions().lease());
        if (!request.getKeysOnly()) {
            keyValue.setValue(byteString(row.value()));
        }
        return keyValue.build();
    }

    /** Shares the array, which nobody writes to. */
    private static ByteString byteString(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }
}
