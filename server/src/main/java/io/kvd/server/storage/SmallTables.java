package io.kvd.server.storage;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactionJobInfo;
import org.rocksdb.CompactionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.LevelMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileMetaData;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds the number of a log's tables. Each start makes one of what the WAL held, however little that was, and no
 * compaction touches it, since it overlaps no other. After some starts the small ones that lie beside each other are
 * merged, before anything is written: a node that dies again and again has no time for it later. What is merged is
 * small, so a start stays short, and it is merged again only until it is large.
 */
final class SmallTables {
    /** With more small ones than that, they are merged. */
    static final int MAX_COUNT = 8;

    /** A table is small up to this share of what a full write buffer makes. */
    private static final int SMALL_SHARE = 4;

    private SmallTables() {}

    /**
     * Merges the small ones of the level, if there are many.
     *
     * @param level in which no two tables overlap
     * @param tableBytes of a table that a full write buffer makes
     */
    static void merge(RocksDB database, ColumnFamilyHandle family, int level, long tableBytes)
            throws RocksDBException {
        List<List<String>> groups = neighbours(tablesOf(database, family, level), tableBytes);
        int count = groups.stream().mapToInt(List::size).sum();
        if (count <= MAX_COUNT) {
            return;
        }
        for (List<String> group : groups) {
            if (group.size() > 1) {
                compact(database, family, group, new Target(level, tableBytes));
            }
        }
    }

    private static List<SstFileMetaData> tablesOf(
            RocksDB database, ColumnFamilyHandle family, int level) {
        for (LevelMetaData found : database.getColumnFamilyMetaData(family).levels()) {
            if (found.level() == level) {
                return found.files();
            }
        }
        return List.of();
    }

    /** Groups of small tables that lie beside each other, in the order of their keys, as the level is. */
    private static List<List<String>> neighbours(List<SstFileMetaData> tables, long tableBytes) {
        List<List<String>> groups = new ArrayList<>();
        groups.add(new ArrayList<>());
        for (SstFileMetaData table : tables) {
            if (table.size() <= tableBytes / SMALL_SHARE && !table.beingCompacted()) {
                groups.get(groups.size() - 1).add(table.fileName());
            } else {
                groups.add(new ArrayList<>());
            }
        }
        return groups;
    }

    private record Target(int level, long tableBytes) {}

    private static void compact(
            RocksDB database, ColumnFamilyHandle family, List<String> tables, Target target)
            throws RocksDBException {
        try (CompactionOptions options = new CompactionOptions()
                        .setCompression(CompressionType.NO_COMPRESSION)
                        .setOutputFileSizeLimit(target.tableBytes());
                CompactionJobInfo unread = new CompactionJobInfo()) {
            database.compactFiles(options, family, tables, target.level(), -1, unread);
        }
    }
}
