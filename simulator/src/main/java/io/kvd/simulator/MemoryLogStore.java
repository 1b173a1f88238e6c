package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.LogScan;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A log in memory that behaves as one on a disk: every write is durable when it returns, a write that fails was or was
 * not, and nobody can tell before the next start. It outlives its node: after {@link #crash} or {@link #close},
 * {@link #restore} opens it again. One thread, no clock.
 */
public final class MemoryLogStore implements LogStore {
    /** What becomes of a batch whose write fails. A torn one is lost: the recovery of a WAL drops it whole. */
    public enum FailedWrite {
        LOST,
        DURABLE
    }

    private final TreeMap<Long, Group> groups = new TreeMap<>();
    /** At most one. */
    private List<NodeRecord> node = List.of();
    /** At most one: a failure for the next write. */
    private List<PlannedFailure> planned = List.of();
    /** At most one: why nothing can be written any more (P6). */
    private List<StorageException> failure = List.of();

    private boolean open;

    private record PlannedFailure(FailedWrite outcome, Kind kind) {}

    /** One group's records. */
    private static final class Group {
        private final TreeMap<Long, Bytes> runs = new TreeMap<>();
        private HardState hardState;
        private GroupRecord record;
        /** Where the log ends; recorded with the hard state. */
        private EntryId last;

        private Group(HardState hardState, GroupRecord record) {
            this.hardState = hardState;
            this.record = record;
            this.last = record.logStart();
        }
    }

    /** What a copy of the log's directory holds; not restored yet. */
    public MemoryLogStore copy() {
        MemoryLogStore copy = new MemoryLogStore();
        copy.node = node;
        groups.forEach((groupId, group) -> {
            Group copied = new Group(group.hardState, group.record);
            copied.runs.putAll(group.runs);
            copied.last = group.last;
            copy.groups.put(groupId, copied);
        });
        return copy;
    }

    @Override
    public RestoredLog restore() {
        Check.that(!open, "restore of a log that is open");
        List<RestoredGroup> restored = new ArrayList<>();
        for (Map.Entry<Long, Group> entry : groups.entrySet()) {
            restored.add(restore(entry.getKey(), entry.getValue()));
        }
        open = true;
        return new RestoredLog(node, restored);
    }

    private static RestoredGroup restore(long groupId, Group group) {
        LogScan scan = new LogScan(groupId, group.hardState, group.last, group.record);
        try {
            for (Bytes run : group.runs.values()) {
                scan.accept(Run.decode(groupId, run));
            }
            return scan.finish();
        } catch (DamagedException e) {
            throw damaged("group %d: %s".formatted(groupId, e.getMessage()), e);
        }
    }

    private static StorageException damaged(String what, DamagedException cause) {
        return new StorageException(Kind.DAMAGE, "the log is damaged: " + what, cause);
    }

    @Override
    public void write(LogBatch batch) {
        Check.that(open, "write to a log that is not open");
        if (!failure.isEmpty()) {
            throw new StorageException(
                    failure.get(0).kind(), "refused, since the log failed before", failure.get(0));
        }
        boolean fails = !planned.isEmpty();
        if (!fails || planned.get(0).outcome() == FailedWrite.DURABLE) {
            try {
                node = batch.node().isEmpty() ? node : batch.node();
                for (GroupWrite write : batch.groups()) {
                    apply(write);
                }
            } catch (DamagedException e) {
                failure = List.of(damaged(String.valueOf(e.getMessage()), e));
                throw failure.get(0);
            }
        }
        if (fails) {
            failure = List.of(new StorageException(
                    planned.get(0).kind(), "persisting a log batch: injected"));
            planned = List.of();
            throw failure.get(0);
        }
    }

    private void apply(GroupWrite write) {
        Group group = groups.get(write.groupId());
        if (group == null) {
            Check.that(
                    !write.group().isEmpty(),
                    "group %d is written without its record",
                    write.groupId());
            group = new Group(write.hardState(), write.group().get(0));
            groups.put(write.groupId(), group);
        }
        group.hardState = write.hardState();
        for (GroupRecord record : write.group()) {
            cut(write.groupId(), group, record);
        }
        if (write.truncateFrom() > 0) {
            truncate(write.groupId(), group, write.truncateFrom());
        }
        for (Run run : write.runs()) {
            Check.that(
                    run.firstIndex() == group.last.index() + 1
                            && run.firstId().term() >= group.last.term(),
                    "%s does not follow %s in group %d",
                    run,
                    group.last,
                    write.groupId());
            group.runs.put(run.firstIndex(), run.encoded());
            group.last = run.lastId();
        }
        Check.that(
                group.last.term() <= group.hardState.term(),
                "log would end at %s, beyond %s",
                group.last,
                group.hardState);
    }

    private static void cut(long groupId, Group group, GroupRecord record) {
        EntryId logStart = record.logStart();
        Check.that(
                logStart.index() >= group.record.logStart().index(),
                "log start of group %d would go back from %s to %s",
                groupId,
                group.record.logStart(),
                logStart);
        group.record = record;
        if (logStart.index() >= group.last.index()) {
            group.runs.clear();
            group.last = logStart;
        }
        while (!group.runs.isEmpty()
                && Run.decode(groupId, group.runs.firstEntry().getValue()).lastIndex()
                        <= logStart.index()) {
            group.runs.pollFirstEntry();
        }
    }

    private static void truncate(long groupId, Group group, long truncateFrom) {
        EntryId logStart = group.record.logStart();
        long from = Math.max(truncateFrom, logStart.index() + 1);
        if (from > group.last.index()) {
            return;
        }
        group.runs.tailMap(from, true).clear();
        group.last = logStart;
        Map.Entry<Long, Bytes> straddling = group.runs.lastEntry();
        if (straddling == null) {
            return;
        }
        if (from - 1 == logStart.index()) {
            group.runs.clear();
            return;
        }
        Run run = Run.decode(groupId, straddling.getValue());
        Run prefix = run.slice(run.firstIndex(), Math.min(from, run.lastIndex() + 1));
        group.runs.put(run.firstIndex(), prefix.encoded());
        group.last = prefix.lastId();
    }

    @Override
    public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
        Check.that(open, "load from a log that is not open");
        Check.that(fromIndex < toIndex, "load [%d, %d)", fromIndex, toIndex);
        Group group = groups.get(groupId);
        boolean inLog = group != null
                && fromIndex > group.record.logStart().index()
                && fromIndex <= group.last.index();
        if (group == null || !inLog) {
            return List.of();
        }
        List<Run> stored = new ArrayList<>();
        try {
            for (Bytes encoded : group.runs
                    .subMap(group.runs.floorKey(fromIndex), true, toIndex, false)
                    .values()) {
                stored.add(Run.decode(groupId, encoded));
            }
        } catch (DamagedException e) {
            throw damaged("group %d: %s".formatted(groupId, e.getMessage()), e);
        }
        return within(stored, new Wanted(fromIndex, toIndex, maxBytes));
    }

    private record Wanted(long fromIndex, long toIndex, int maxBytes) {}

    private static List<Run> within(List<Run> stored, Wanted wanted) {
        List<Run> loaded = new ArrayList<>();
        long next = wanted.fromIndex();
        long toIndex = wanted.toIndex();
        int bytesLeft = wanted.maxBytes();
        for (Run run : stored) {
            boolean fits = loaded.isEmpty() || run.sizeBytesAt(next) <= bytesLeft;
            if (next >= toIndex || !fits) {
                break;
            }
            Run within = run.sliceWithin(next, bytesLeft);
            Run part = within.slice(next, Math.min(within.lastIndex() + 1, toIndex));
            loaded.add(part);
            bytesLeft -= part.sizeBytes();
            next = part.lastIndex() + 1;
            if (next <= run.lastIndex()) {
                break;
            }
        }
        return loaded;
    }

    @Override
    public long sizeBytes(long groupId) {
        Group group = groups.get(groupId);
        long size = 0;
        if (group != null) {
            for (Bytes run : group.runs.values()) {
                size += run.length();
            }
        }
        return size;
    }

    /** The next write fails, once, and all after it until the next {@link #crash} or {@link #close}. */
    public void failNextWrite(FailedWrite outcome, Kind kind) {
        planned = List.of(new PlannedFailure(outcome, kind));
    }

    /** Flips one bit of a persisted entry; the next {@link #restore} or {@link #load} of it finds the damage. */
    public void damage(EntryLocation where) {
        Check.that(damageIfThere(where), "no entry at %s", where);
    }

    /** Like {@link #damage}; false if there is no such entry. */
    public boolean damageIfThere(EntryLocation where) {
        Group group = groups.get(where.groupId());
        boolean isThere = group != null
                && where.index() > group.record.logStart().index()
                && where.index() <= group.last.index();
        if (group == null || !isThere) {
            return false;
        }
        Map.Entry<Long, Bytes> stored = group.runs.floorEntry(where.index());
        Run run = Run.decode(where.groupId(), stored.getValue());
        Run upToIt = run.slice(run.firstIndex(), where.index() + 1);
        byte[] damaged = run.encoded().toArray();
        damaged[upToIt.sizeBytes() - 1] ^= 1;
        group.runs.put(stored.getKey(), Bytes.of(damaged));
        return true;
    }

    /** An entry's place. */
    public record EntryLocation(long groupId, long index) {}

    /** The process is gone, with all that was not durable. */
    public void crash() {
        open = false;
        failure = List.of();
        planned = List.of();
    }

    @Override
    public void close() {
        crash();
    }
}
