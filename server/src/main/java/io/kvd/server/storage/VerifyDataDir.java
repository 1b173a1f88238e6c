package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.kv.StateView;
import io.kvd.core.node.DirectoryRules;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.EntryId;
import io.kvd.server.storage.VerifyReport.Finding;
import io.kvd.server.storage.VerifyReport.GroupContents;
import io.kvd.server.storage.VerifyReport.LogContents;
import io.kvd.server.storage.VerifyReport.StateContents;
import io.kvd.server.storage.VerifyReport.StateSummary;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads every byte of a data directory that no node is using, and says what is wrong: every log record with its
 * checksum and place, every block of every SST, every row of the live states. Writes nothing but LOCK and
 * RocksDB's own LOG.
 */
public final class VerifyDataDir {
    private final DataDirectory directory;
    private final StorageOptions options;
    private final Supplier<StateCheck> stateChecks;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyDataDir(
            DataDirectory directory, StorageOptions options, Supplier<StateCheck> stateChecks) {
        this.directory = directory;
        this.options = options;
        this.stateChecks = stateChecks;
    }

    /**
     * Checks the directory, which it holds meanwhile as a node does.
     *
     * @param stateChecks makes a check for each state
     * @throws StorageException REFUSED, if it is no data directory or in use
     */
    public static VerifyReport verify(
            Path path, StorageOptions options, Supplier<StateCheck> stateChecks) {
        NativeLibrary.load();
        try (DataDirectory directory = DataDirectory.openExisting(path)) {
            return new VerifyDataDir(directory, options, stateChecks).verify();
        }
    }

    private VerifyReport verify() {
        Path log = directory.logDirectory();
        int files = filesOf(log);
        try {
            DataFiles.checkNotHeadless(log);
            DataFiles.checkLogFiles(log);
            if (!LogDatabase.exists(log)) {
                return new VerifyReport(
                        List.of(), new LogContents(files, 0, 0), List.of(), findings);
            }
            try (LogDatabase database = LogDatabase.openReadOnly(log)) {
                database.verifyChecksums();
                LogReader reader = LogReader.read(database);
                LogContents contents =
                        new LogContents(files, reader.entryCount(), reader.entryBytes());
                RestoredLog restored = reader.restored();
                return new VerifyReport(
                        restored.node(), contents, verifyStates(restored), findings);
            }
        } catch (StorageException e) {
            find(log, e);
            return new VerifyReport(List.of(), new LogContents(files, 0, 0), List.of(), findings);
        }
    }

    private List<GroupContents> verifyStates(RestoredLog log) {
        List<GroupContents> groups = new ArrayList<>();
        try (RocksDbStateStores stores =
                new RocksDbStateStores(directory.stateDirectory(), options)) {
            directory.check(log);
            for (RestoredGroup group : log.groups()) {
                long first = group.group().logStart().index() + 1;
                groups.add(new GroupContents(
                        group.groupId(), first, group.last(), verifyState(stores, group)));
            }
        } catch (StorageException e) {
            find(directory.stateDirectory(), e);
        }
        return groups;
    }

    private List<StateContents> verifyState(RocksDbStateStores stores, RestoredGroup group) {
        long generation = group.group().stateGeneration();
        Path path = stores.directoryOf(group.groupId(), generation);
        if (!Files.exists(path.resolve("CURRENT"))) {
            // Not made yet: its absence was checked against the log's start.
            return List.of();
        }
        try (RocksDbStateStore store = stores.openReadOnly(path)) {
            store.verifyChecksums();
            StateContents contents = readRows(store, generation, filesOf(path));
            checkAgainstLog(path, group, contents.summary().applied());
            return List.of(contents);
        } catch (StorageException | DamagedException e) {
            find(path, e);
            return List.of();
        }
    }

    private StateContents readRows(RocksDbStateStore store, long generation, int files) {
        StateCheck check = stateChecks.get();
        long rows = 0;
        long bytes = 0;
        StateSummary summary;
        try (StateView view = store.view();
                StateView.Cursor cursor = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            while (cursor.next()) {
                Bytes key = cursor.key();
                Bytes value = cursor.value();
                check.row(key, value);
                rows++;
                bytes += key.length() + value.length();
            }
            summary = check.finish(view);
        }
        return new StateContents(generation, files, rows, bytes, summary);
    }

    /** What a start requires: the log reaches from the state's end on. */
    private void checkAgainstLog(Path path, RestoredGroup group, EntryId applied) {
        EntryId logStart = group.group().logStart();
        if (applied.index() < logStart.index() || applied.index() > group.last().index()) {
            findings.add(new Finding(
                    path.toString(),
                    "the state ends at %s, but the log reaches from %s to %s. %s"
                            .formatted(
                                    applied, logStart, group.last(), DirectoryRules.REPLACE_NODE)));
        }
    }

    private void find(Path where, RuntimeException problem) {
        findings.add(new Finding(where.toString(), String.valueOf(problem.getMessage())));
    }

    /** SSTs, WALs and MANIFESTs. */
    private static int filesOf(Path directory) {
        return (int) DataFiles.list(directory).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> name.endsWith(".sst")
                        || name.endsWith(".log")
                        || name.startsWith("MANIFEST-"))
                .count();
    }
}
