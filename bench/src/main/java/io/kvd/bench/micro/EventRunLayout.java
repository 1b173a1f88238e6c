package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.kv.StateBatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Prototype: events carry values, and every so many revisions a sorted index of what changed in them is written. A
 * version at revision R is the current one if that is not newer, else what the first event on the key after R
 * superseded: the value is in the event that made it, or, if that one may have been compacted away, in this one.
 *
 * <pre>
 * EVENT    firstRevision(8)
 *            → for each put of a batch: revision(8), sub(4), kind(1), keyLength(4), userKey, prevModRevision(8),
 *              createRevision(8), version(8), lease(8), valueLength(4), value; kind 3 adds the version before:
 *              createRevision(8), version(8), lease(8), valueLength(4), value
 * SEGMENT  firstRevision(8)
 *            → for each change in it, ascending by key, then revision: keyLength(4), userKey, revision(8)
 * </pre>
 *
 * Owned by the apply thread.
 */
final class EventRunLayout implements RowLayout {
    static final int SEGMENT_REVISIONS = 4096;

    private static final int PUT = 1;
    private static final int PUT_WITH_BEFORE_IMAGE = 3;
    private static final int EVENT_FIXED_BYTES = 53;
    private static final int SEGMENT_FIXED_BYTES = 12;
    private static final long NO_LEASE = 0;
    private static final Comparator<Change> BY_KEY =
            Comparator.comparing(Change::userKey).thenComparingLong(Change::revision);

    private final long compactedRevision;
    private final int segmentRevisions;
    /** The changes of the segment that is not sealed yet. */
    private final List<Change> open = new ArrayList<>();

    /** @param compactedRevision versions up to it can't be found in the events that made them */
    EventRunLayout(long compactedRevision, int segmentRevisions) {
        this.compactedRevision = compactedRevision;
        this.segmentRevisions = segmentRevisions;
    }

    @Override
    public void addTo(StateBatch batch, List<Change> changes) {
        Change first = changes.get(0);
        BytesWriter events = new BytesWriter(changes.size()
                * (EVENT_FIXED_BYTES
                        + first.userKey().length()
                        + first.after().value().length()));
        for (Change change : changes) {
            add(events, change);
            open.add(change);
            if (change.revision() % segmentRevisions == 0) {
                seal(batch);
            }
        }
        batch.put(key(EVENT, first.revision()), events.toBytes());
    }

    private void add(BytesWriter events, Change change) {
        Version before = change.before();
        boolean compacted = before.exists() && before.modRevision() <= compactedRevision;
        events.putLong(change.revision()).putInt(0);
        events.putByte(compacted ? PUT_WITH_BEFORE_IMAGE : PUT);
        events.putSized(change.userKey()).putLong(before.modRevision());
        add(events, change.after());
        if (compacted) {
            add(events, before);
        }
    }

    private static void add(BytesWriter events, Version version) {
        events.putLong(version.createRevision()).putLong(version.version()).putLong(NO_LEASE);
        events.putSized(version.value());
    }

    private void seal(StateBatch batch) {
        long firstRevision = open.get(0).revision();
        open.sort(BY_KEY);
        BytesWriter index = new BytesWriter(
                open.size() * (SEGMENT_FIXED_BYTES + open.get(0).userKey().length()));
        for (Change change : open) {
            index.putSized(change.userKey()).putLong(change.revision());
        }
        batch.put(key(SEGMENT, firstRevision), index.toBytes());
        open.clear();
    }

    private static Bytes key(byte kind, long revision) {
        return new BytesWriter(1 + Long.BYTES).putByte(kind).putLong(revision).toBytes();
    }
}
