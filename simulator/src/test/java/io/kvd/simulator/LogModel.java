package io.kvd.simulator;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One group's log as a plain list of entries, and the writes that make a store follow it. */
final class LogModel {
    final long groupId;
    /** The entries after {@code logStart}. */
    final List<Entry> entries = new ArrayList<>();
    /** The runs on disk, whole ones: {first index, last index, bytes}. */
    private final List<long[]> runs = new ArrayList<>();

    EntryId logStart = EntryId.NONE;
    HardState hardState = new HardState(1, 1);
    long generation = 1;

    LogModel(long groupId) {
        this.groupId = groupId;
    }

    long lastIndex() {
        return logStart.index() + entries.size();
    }

    EntryId last() {
        return entries.isEmpty() ? logStart : entries.get(entries.size() - 1).id();
    }

    Entry entry(long index) {
        return entries.get(Math.toIntExact(index - logStart.index() - 1));
    }

    long sizeBytes() {
        return runs.stream().mapToLong(r -> r[2]).sum();
    }

    /** The group's first write: its records, and no entry. */
    GroupWrite birth() {
        return write(List.of(record()), 0, List.of());
    }

    GroupWrite touch() {
        return write(List.of(), 0, List.of());
    }

    /** Appends {@code count} entries of {@code payloadBytes} each, in the current term, as one run. */
    GroupWrite append(int count, int payloadBytes) {
        return write(List.of(), 0, List.of(makeRun(count, payloadBytes)));
    }

    /** Replaces the entries from {@code index} on by {@code count} new ones in a new term. */
    GroupWrite overwrite(long index, int count, int payloadBytes) {
        dropFrom(index);
        hardState = new HardState(hardState.term() + 1, hardState.votedFor());
        List<Run> added = count == 0 ? List.of() : List.of(makeRun(count, payloadBytes));
        return write(List.of(), index, added);
    }

    /** Cuts up to and including {@code index}, which is in the log. */
    GroupWrite cut(long index) {
        EntryId start = entry(index).id();
        entries.subList(0, Math.toIntExact(index - logStart.index())).clear();
        return moveStart(start, 0);
    }

    /** What the install of a snapshot writes that ends beyond this log, or in another history: no entry is kept. */
    GroupWrite install(EntryId snapshot) {
        entries.clear();
        generation++;
        GroupWrite write = moveStart(snapshot, snapshot.index() + 1);
        runs.clear();
        return write;
    }

    private GroupWrite moveStart(EntryId start, long truncateFrom) {
        logStart = start;
        runs.removeIf(r -> r[1] <= start.index());
        hardState = new HardState(Math.max(hardState.term(), start.term()), hardState.votedFor());
        return write(List.of(record()), truncateFrom, List.of());
    }

    private void dropFrom(long index) {
        entries.subList(Math.toIntExact(index - logStart.index() - 1), entries.size())
                .clear();
        runs.removeIf(r -> r[0] >= index);
        if (!runs.isEmpty() && runs.get(runs.size() - 1)[1] >= index) {
            long first = runs.remove(runs.size() - 1)[0];
            // A straddling run of which nothing is left in the log goes as well.
            if (index - 1 > logStart.index()) {
                runs.add(new long[] {first, index - 1, prefixBytes(first, index)});
            }
        }
    }

    // Entries at or before logStart are no longer in the list; all entries of the run have one size
    // by construction.
    private long prefixBytes(long first, long index) {
        long perEntry = Run.encode(groupId, List.of(entry(index - 1))).sizeBytes();
        return (index - first) * perEntry;
    }

    private Run makeRun(int count, int payloadBytes) {
        List<Entry> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long index = lastIndex() + 1;
            byte[] payload = new byte[payloadBytes];
            for (int b = 0; b < payloadBytes; b++) {
                payload[b] = (byte) (index + b);
            }
            made.add(new Entry(
                    new EntryId(hardState.term(), index),
                    EntryKind.COMMAND,
                    new Entry.Stamp(index * 10, 0),
                    Entry.Origin.NONE,
                    Bytes.of(payload)));
            entries.add(made.get(i));
        }
        Run run = Run.encode(groupId, made);
        runs.add(new long[] {run.firstIndex(), run.lastIndex(), run.sizeBytes()});
        return run;
    }

    private GroupRecord record() {
        return new GroupRecord(logStart, generation);
    }

    private GroupWrite write(List<GroupRecord> record, long truncateFrom, List<Run> added) {
        return new GroupWrite(groupId, hardState, record, truncateFrom, added);
    }

    /** Any change that a replica could make. */
    GroupWrite anyWrite(RandomGenerator random) {
        int dice = random.nextInt(100);
        if (dice < 60 || entries.isEmpty()) {
            if (random.nextInt(8) == 0) {
                hardState = new HardState(hardState.term() + 1, random.nextInt(4));
            }
            return append(1 + random.nextInt(12), random.nextInt(300));
        }
        long index = logStart.index() + 1 + random.nextInt(entries.size());
        if (dice < 75) {
            return overwrite(index, random.nextInt(5), random.nextInt(300));
        }
        if (dice < 92) {
            return cut(index);
        }
        if (dice < 95) {
            boolean beyond = random.nextBoolean();
            return install(new EntryId(
                    hardState.term() + 1, beyond ? lastIndex() + random.nextInt(5) : index));
        }
        hardState = new HardState(hardState.term() + 1, random.nextInt(4));
        return touch();
    }
}
