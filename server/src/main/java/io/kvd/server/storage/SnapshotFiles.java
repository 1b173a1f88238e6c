package io.kvd.server.storage;

import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.UnusableSnapshotException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files of a RocksDB directory are the state: the tables, one MANIFEST that lists them, and CURRENT, which names
 * that. Neither OPTIONS, which no checksum covers and nobody reads, nor IDENTITY, which is the directory's own, nor a
 * WAL: there is nothing in it.
 */
final class SnapshotFiles {
    private static final Pattern TABLE = Pattern.compile("[0-9]{1,20}\\.sst");
    private static final Pattern MANIFEST = Pattern.compile("MANIFEST-[0-9]{1,20}");
    private static final String CURRENT = "CURRENT";

    private SnapshotFiles() {}

    /** Those in a checkpoint. CURRENT comes last: without it, a directory is none. */
    static List<SnapshotFile> list(Path checkpoint) {
        List<SnapshotFile> files = new ArrayList<>();
        for (Pattern kind : List.of(TABLE, MANIFEST, Pattern.compile(CURRENT))) {
            for (Path file : DataFiles.list(checkpoint)) {
                String name = String.valueOf(file.getFileName());
                if (kind.matcher(name).matches()) {
                    files.add(new SnapshotFile(name, sizeOf(file)));
                }
            }
        }
        return files;
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw StorageFailures.of("reading the size of " + file, e);
        }
    }

    /**
     * Checks a peer's list.
     *
     * @throws UnusableSnapshotException it is not one that {@link #list} makes
     */
    static void checkNames(SnapshotManifest manifest) throws UnusableSnapshotException {
        manifest.checkPlausible();
        manifestName(manifest);
        long others = manifest.files().stream()
                .map(SnapshotFile::name)
                .filter(name -> !TABLE.matcher(name).matches())
                .count();
        boolean hasCurrent = manifest.files().stream().anyMatch(f -> f.name().equals(CURRENT));
        if (!hasCurrent || others != 2) {
            throw new UnusableSnapshotException("a state has other files");
        }
    }

    /**
     * RocksDB follows CURRENT to wherever it points.
     *
     * @throws UnusableSnapshotException it does not point to the snapshot's MANIFEST
     */
    static void checkCurrent(Path directory, SnapshotManifest manifest)
            throws UnusableSnapshotException {
        String expected = manifestName(manifest) + "\n";
        Path current = directory.resolve(CURRENT);
        try {
            boolean isEqual = Files.exists(current)
                    && Files.size(current) == expected.length()
                    && Files.readString(current, StandardCharsets.ISO_8859_1).equals(expected);
            if (!isEqual) {
                throw new UnusableSnapshotException("CURRENT does not name the MANIFEST");
            }
        } catch (IOException e) {
            throw StorageFailures.of("reading " + current, e);
        }
    }

    private static String manifestName(SnapshotManifest manifest) throws UnusableSnapshotException {
        return manifest.files().stream()
                .map(SnapshotFile::name)
                .filter(name -> MANIFEST.matcher(name).matches())
                .findFirst()
                .orElseThrow(() -> new UnusableSnapshotException("a state has a MANIFEST"));
    }
}
