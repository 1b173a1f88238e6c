package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;

import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;

/**
 * A CRC-32C of each table file, all of its bytes, which RocksDB takes as it writes the file and keeps in the MANIFEST.
 * RocksDB's own verifyChecksum reads the blocks one by one; it leaves out the partitions of filters, and takes those
 * of indexes from the cache (found by flipping each byte, see the test).
 */
final class TableChecksums {
    private static final int CHUNK_BYTES = 1 << 20;

    private TableChecksums() {}

    /** Options of databases that keep them. rocksdbjni has no setter. */
    static DBOptions newOptions() {
        Properties options = new Properties();
        options.setProperty("file_checksum_gen_factory", "FileChecksumGenCrc32cFactory");
        try (ConfigOptions parsing = new ConfigOptions().setIgnoreUnknownOptions(false)) {
            return Objects.requireNonNull(
                    DBOptions.getDBOptionsFromProps(parsing, options), "no file checksums");
        }
    }

    /**
     * Reads all of the tables that the MANIFEST names.
     *
     * @throws DamagedException naming the table that is not what was written
     */
    static void check(Path directory, RocksDB database) {
        for (LiveFileMetaData table : database.getLiveFilesMetaData()) {
            // It begins with a slash.
            Path file = directory.resolve(table.fileName().substring(1));
            Bytes expected = Bytes.of(table.fileChecksum());
            boolean isSame = expected.length() == Integer.BYTES && expected.intAt(0) == crcOf(file);
            if (!isSame) {
                throw new DamagedException("%s is not what was written".formatted(file));
            }
        }
    }

    private static int crcOf(Path file) {
        Crc32c crc = new Crc32c();
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
                    chunk.length > 0;
                    chunk = in.readNBytes(CHUNK_BYTES)) {
                crc.update(Bytes.of(chunk));
            }
            return crc.value();
        } catch (IOException e) {
            throw StorageFailures.of("reading " + file, e);
        }
    }
}
