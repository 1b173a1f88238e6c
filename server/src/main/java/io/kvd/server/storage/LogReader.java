package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogScan;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.Run;
import io.kvd.server.storage.LogKeys.HardStateRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and checks the whole log: every record's checksum, then that the records make sense together. */
final class LogReader {
    private final LogDatabase database;
    private final List<NodeRecord> node = new ArrayList<>();
    private final TreeMap<Long, HardStateRecord> hardStates = new TreeMap<>();
    private final TreeMap<Long, GroupRecord> groups = new TreeMap<>();
    private final TreeMap<Long, LogExtent> extents = new TreeMap<>();
    private final List<RestoredGroup> restored = new ArrayList<>();
    private long entryCount;
    private long entryBytes;

    private LogReader(LogDatabase database) {
        this.database = database;
    }

    /** @throws StorageException DAMAGE or, for a newer format, REFUSED; in words for the operator */
    static LogReader read(LogDatabase database) {
        LogReader reader = new LogReader(database);
        reader.read();
        return reader;
    }

    private void read() {
        try (RowCursor records = database.scanRecords()) {
            while (records.next()) {
                readRecord(records.key(), records.value());
            }
        }
        checkComplete();
        for (Map.Entry<Long, GroupRecord> group : groups.entrySet()) {
            readRuns(group.getKey(), group.getValue());
        }
    }

    RestoredLog restored() {
        return new RestoredLog(node, restored);
    }

    /** Each group's. */
    Map<Long, LogExtent> extents() {
        return extents;
    }

    long entryCount() {
        return entryCount;
    }

    long entryBytes() {
        return entryBytes;
    }

    private void readRecord(Bytes key, Bytes value) {
        try {
            switch (LogKeys.kindOf(key)) {
                case LogKeys.NODE -> node.add(LogKeys.decodeNode(value));
                case LogKeys.HARD_STATE ->
                    hardStates.put(LogKeys.groupIdOf(key), LogKeys.decodeHardState(key, value));
                case LogKeys.GROUP ->
                    groups.put(LogKeys.groupIdOf(key), LogKeys.decodeGroup(key, value));
                default -> throw new DamagedException("unknown kind of record");
            }
        } catch (DamagedException e) {
            throw damaged(describe(key), e);
        }
    }

    /** Identity, term and vote are there if anything else is: without them the node would vote as if it were new. */
    private void checkComplete() {
        if (node.isEmpty() && !(hardStates.isEmpty() && groups.isEmpty())) {
            throw missing("the NODE record");
        }
        for (long groupId : groups.keySet()) {
            if (!hardStates.containsKey(groupId)) {
                throw missing("the HARD_STATE record of group " + groupId);
            }
        }
        for (long groupId : hardStates.keySet()) {
            if (!groups.containsKey(groupId)) {
                throw missing("the GROUP record of group " + groupId);
            }
        }
        try (RowCursor runs = database.scanRuns()) {
            boolean more = runs.next();
            while (more) {
                long groupId = LogKeys.groupIdOf(runs.key());
                if (!groups.containsKey(groupId)) {
                    throw missing("the HARD_STATE and GROUP record of group " + groupId);
                }
                more = runs.seek(LogKeys.runKey(groupId + 1, 0));
            }
        }
    }

    private void readRuns(long groupId, GroupRecord group) {
        HardStateRecord hardState = hardStateOf(groupId);
        LogScan scan = new LogScan(groupId, hardState.hardState(), hardState.last(), group);
        Optional<Long> start = Optional.empty();
        long end = 0;
        try (RowCursor runs = database.scanRuns()) {
            boolean more = seekFirstKept(runs, groupId, group.logStart().index());
            while (more && LogKeys.groupIdOf(runs.key()) == groupId) {
                Bytes key = runs.key();
                Bytes value = runs.value();
                try {
                    Run run = LogKeys.decodeRun(key, value);
                    long position = LogKeys.decodeRunHeader(key, value).position();
                    if (start.isPresent() && position != end) {
                        throw new DamagedException(
                                "position %d, expected %d".formatted(position, end));
                    }
                    scan.accept(run);
                    start = start.isEmpty() ? Optional.of(position) : start;
                    end = position + run.sizeBytes();
                    entryCount += run.entryCount();
                    entryBytes += run.sizeBytes();
                } catch (DamagedException e) {
                    throw damaged("run " + describe(key), e);
                }
                more = runs.next();
            }
            RestoredGroup found = scan.finish();
            restored.add(found);
            extents.put(
                    groupId, new LogExtent(group.logStart(), found.last(), start.orElse(end), end));
        } catch (DamagedException e) {
            throw damaged("group " + groupId, e);
        }
    }

    private HardStateRecord hardStateOf(long groupId) {
        return Optional.ofNullable(hardStates.get(groupId)).orElseThrow();
    }

    /**
     * Moves onto the first run with an entry after {@code logStart}; false if there is none. Runs before it may still
     * be on disk: cut away, and their file not dropped yet.
     */
    static boolean seekFirstKept(RowCursor runs, long groupId, long logStart) {
        boolean onRun = runs.seekAtOrBefore(LogKeys.runKey(groupId, logStart + 1));
        if (!onRun || LogKeys.groupIdOf(runs.key()) != groupId) {
            return runs.seek(LogKeys.runKey(groupId, logStart + 1));
        }
        Bytes key = runs.key();
        int entryCount = LogKeys.decodeRunHeader(key, runs.valuePrefix(LogKeys.RUN_HEADER_BYTES))
                .entryCount();
        boolean cutAway = LogKeys.firstIndexOf(key) + entryCount - 1 <= logStart;
        return cutAway ? runs.next() : true;
    }

    private static String describe(Bytes key) {
        if (key.length() == LogKeys.RUN_KEY_BYTES) {
            return "of group %d at index %d".formatted(key.longAt(1), key.longAt(9));
        }
        if (key.length() == LogKeys.GROUP_KEY_BYTES) {
            return "%s of group %d"
                    .formatted(
                            key.byteAt(0) == LogKeys.GROUP ? "GROUP" : "HARD_STATE", key.longAt(1));
        }
        return key.equals(LogKeys.nodeKey()) ? "NODE" : key.toString();
    }

    private StorageException missing(String what) {
        return StorageFailures.damaged(
                database.directory(),
                what + " is missing",
                new DamagedException(what + " is missing"));
    }

    private StorageException damaged(String what, DamagedException cause) {
        return StorageFailures.damaged(
                database.directory(), what + ": " + cause.getMessage(), cause);
    }
}
