package io.kvd.server.storage;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the files that an open database consists of are all in its directory. */
final class LiveFiles {
    private LiveFiles() {}

    /** @throws io.kvd.core.base.StorageException IO: one is missing */
    static void check(Path directory, RocksDB database) {
        try {
            Set<String> missing = live(database);
            missing.removeAll(names(directory));
            if (!missing.isEmpty()) {
                // What a compaction deleted meanwhile was not missing: a name is never used again.
                missing.retainAll(live(database));
            }
            for (String name : missing) {
                throw FileIdentity.gone(directory.resolve(name), new NoSuchFileException(name));
            }
        } catch (RocksDBException e) {
            throw StorageFailures.of("listing the files of " + directory, e);
        }
    }

    /** Also checks that there is a WAL. */
    static void checkWithWal(Path directory, RocksDB database) {
        check(directory, database);
        // The next one is there before the last one is deleted.
        if (names(directory).stream().noneMatch(name -> name.endsWith(".log"))) {
            throw FileIdentity.gone(directory, new NoSuchFileException("the WAL"));
        }
    }

    private static Set<String> live(RocksDB database) throws RocksDBException {
        List<String> files = database.getLiveFiles(false).files;
        return files.stream()
                .map(file -> file.substring(file.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Path directory) {
        return DataFiles.list(directory).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .collect(Collectors.toSet());
    }
}
