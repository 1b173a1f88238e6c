package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.kv.StateBatch;

import java.util.List;

/**
 * Prototype: a superseded version moves to a row of its own, found by key and revision; an event says which key
 * changed, and its value is in the current row or in that history row.
 *
 * <pre>
 * HISTORY  userKey (00 as 00 ff, ended by 00 00), ~modRevision(8)
 *            → createRevision(8), version(8), lease(8), supersededBy(8), value
 * EVENT    firstRevision(8)
 *            → for each put of a batch: revision(8), sub(4), kind(1), keyLength(4), userKey, prevModRevision(8), lease(8)
 * </pre>
 */
final class HistoryRowLayout implements RowLayout {
    private static final int EVENT_FIXED_BYTES = 33;
    private static final int HISTORY_FIXED_BYTES = 32;
    private static final int PUT = 1;
    private static final long NO_LEASE = 0;

    @Override
    public void addTo(StateBatch batch, List<Change> changes) {
        BytesWriter events = new BytesWriter(
                changes.size() * (EVENT_FIXED_BYTES + changes.get(0).userKey().length()));
        for (Change change : changes) {
            if (change.before().exists()) {
                batch.put(
                        historyKey(change.userKey(), change.before().modRevision()),
                        history(change));
            }
            events.putLong(change.revision()).putInt(0).putByte(PUT);
            events.putSized(change.userKey());
            events.putLong(change.before().modRevision()).putLong(NO_LEASE);
        }
        Bytes key = new BytesWriter(1 + Long.BYTES)
                .putByte(EVENT)
                .putLong(changes.get(0).revision())
                .toBytes();
        batch.put(key, events.toBytes());
    }

    /** Escaped, so that the versions of a key lie together, apart from those of keys that it begins. */
    static Bytes historyKey(Bytes userKey, long modRevision) {
        BytesWriter key = new BytesWriter(1 + userKey.length() + 2 + Long.BYTES).putByte(HISTORY);
        for (int i = 0; i < userKey.length(); i++) {
            byte b = userKey.byteAt(i);
            key.putByte(b);
            if (b == 0) {
                key.putByte(0xff);
            }
        }
        return key.putByte(0).putByte(0).putLong(~modRevision).toBytes();
    }

    private static Bytes history(Change change) {
        Version before = change.before();
        return new BytesWriter(HISTORY_FIXED_BYTES + before.value().length())
                .putLong(before.createRevision())
                .putLong(before.version())
                .putLong(NO_LEASE)
                .putLong(change.revision())
                .put(before.value())
                .toBytes();
    }
}
