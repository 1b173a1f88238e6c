package io.kvd.core.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads keys of the present from one view, whose revision every answer carries. Whether the view is recent enough is
 * the caller's business; so is validating the request. Any thread that may use the view.
 */
public final class RangeReader {
    /** Keys and values in one answer; but at least one row, and the rest with {@code more} and {@code next_key}. */
    public static final int MAX_ANSWER_BYTES = 1 << 20;

    /** The range end that stands for the end of the keyspace. */
    private static final ByteString TO_THE_END = ByteString.copyFrom(new byte[] {0});

    private RangeReader() {}

    public static RangeResult read(StateView view, RangeRequest request) {
        return readAll(view, List.of(request)).get(0);
    }

    /** One answer a request, in order. All single keys are read at once. */
    public static List<RangeResult> readAll(StateView view, List<RangeRequest> requests) {
        List<Bytes> rowKeys = new ArrayList<>(requests.size() + 1);
        rowKeys.add(StateKeys.META);
        for (RangeRequest request : requests) {
            if (request.getRangeEnd().isEmpty()) {
                rowKeys.add(StateKeys.current(request.getKey()));
            }
        }
        List<Optional<Bytes>> rows = view.multiGet(rowKeys);
        long revision = rows.get(0)
                .map(StateKeys::decodeMeta)
                .orElseThrow(() -> new InvariantViolation("reading a state that was never opened"))
                .revision();
        List<RangeResult> results = new ArrayList<>(requests.size());
        int nextRow = 1;
        for (RangeRequest request : requests) {
            RangeResult.Builder result = RangeResult.newBuilder().setRevision(revision);
            if (request.getRangeEnd().isEmpty()) {
                rows.get(nextRow++).ifPresent(row -> readKey(request, row, result));
            } else {
                readRange(view, request, result);
            }
            results.add(result.build());
        }
        return results;
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
        Bytes to = request.getRangeEnd().equals(TO_THE_END)
                ? StateKeys.CURRENT_END
                : StateKeys.current(request.getRangeEnd());
        if (from.compareTo(to) >= 0) {
            return;
        }
        try (StateView.Cursor cursor = view.scan(from, to)) {
            if (request.getCountOnly()) {
                result.setCount(count(cursor));
            } else {
                readRows(cursor, request, result);
            }
        }
    }

    private static long count(StateView.Cursor cursor) {
        long count = 0;
        while (cursor.next()) {
            count++;
        }
        return count;
    }

    private static void readRows(
            StateView.Cursor cursor, RangeRequest request, RangeResult.Builder result) {
        long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        long answerBytes = 0;
        while (cursor.next()) {
            ByteString key = byteString(StateKeys.userKey(cursor.key()));
            KeyValue next = keyValue(request, key, cursor.value());
            answerBytes += next.getSerializedSize();
            boolean full = result.getKvsCount() == limit || answerBytes > MAX_ANSWER_BYTES;
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
