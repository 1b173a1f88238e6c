package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * The native part of RocksDB, unpacked once per version into the user's cache. RocksDB's own loader unpacks 17 MB into
 * the temporary directory at each start, and a killed process leaves them there.
 */
final class NativeLibrary {
    /** Of rocksdbjni, as the build pins it; names the directory, and a test keeps it true. */
    static final String VERSION = "11.8.1";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String RESOURCE = Environment.getJniLibraryFileName("rocksdb");
    /** The name that {@link RocksDB#loadLibrary(List)} looks for. */
    private static final String FILE = Environment.getJniLibraryFileName("rocksdbjni");

    private static final String PARTIAL = ".partial";
    private static final Duration UNPACKING_ENDS_WITHIN = Duration.ofMinutes(10);

    private NativeLibrary() {}

    /**
     * Loads the library into this JVM, if it is not yet. Any thread.
     *
     * @throws StorageException if it can't be unpacked or loaded
     */
    static void load() {
        if (Loaded.PROBLEMS.isEmpty()) {
            return;
        }
        throw new StorageException(
                Kind.IO,
                "loading RocksDB's native library: %s; set XDG_CACHE_HOME to a directory that this user can write and run from"
                        .formatted(String.join("; ", Loaded.PROBLEMS)));
    }

    /** Loads in its initializer, which the JVM runs once. */
    private static final class Loaded {
        /** Empty if it was loaded, else what went wrong in each place. */
        static final List<String> PROBLEMS = loadFromFirst(List.of(userCache(), temporary()));
    }

    private static List<String> loadFromFirst(List<Path> places) {
        List<String> problems = new ArrayList<>();
        for (Path place : places) {
            try {
                RocksDB.loadLibrary(List.of(unpackInto(place).toString()));
                return List.of();
            } catch (IOException | UnsatisfiedLinkError e) {
                problems.add("%s: %s".formatted(place, e));
            }
        }
        return problems;
    }

    private static Path userCache() {
        Path home = Path.of(System.getProperty("user.home"), ".cache");
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home);
        return cache.resolve("kvd");
    }

    private static Path temporary() {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
        return Path.of(System.getProperty("java.io.tmpdir"), "kvd-" + user);
    }

    /**
     * The directory below {@code cache} that holds the library, checked, and unpacked if it was missing or not what is
     * in the jar. Others that do the same at the same time see no half of it.
     */
    static Path unpackInto(Path cache) throws IOException {
        Path directory = cache.resolve("rocksdbjni-" + VERSION);
        Path library = directory.resolve(FILE);
        makePrivate(directory);
        Contents packed = packedContents();
        if (Files.exists(library) && contentsOf(Files.newInputStream(library)).equals(packed)) {
            return directory;
        }
        deleteAbandoned(directory);
        Path partial = Files.createTempFile(directory, FILE, PARTIAL);
        try {
            try (InputStream in = resource().openStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!contentsOf(Files.newInputStream(partial)).equals(packed)) {
                throw new IOException("unpacked " + partial + " differs from the jar's");
            }
            Files.move(
                    partial,
                    library,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        LOG.info("unpacked RocksDB's native library file={}", library);
        return directory;
    }

    /** A process that is killed while it unpacks leaves 17 MB, and may be started again and again. */
    static void deleteAbandoned(Path directory) throws IOException {
        FileTime longAgo = FileTime.from(Instant.now().minus(UNPACKING_ENDS_WITHIN));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(PARTIAL)
                        && Files.getLastModifiedTime(file).compareTo(longAgo) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Nobody else may put code there that we would run. */
    private static void makePrivate(Path directory) throws IOException {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!posix) {
            Files.createDirectories(directory);
            return;
        }
        FileAttribute<?> ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(directory, ownerOnly);
        for (Path path : List.of(directory, parentOf(directory))) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            boolean ours = Files.getOwner(path).equals(self(path.getFileSystem()));
            boolean othersWrite = permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE);
            if (!ours || othersWrite) {
                throw new IOException(path + " can be written by others");
            }
        }
    }

    /** This process's user; a container may run as one that has no name. */
    private static UserPrincipal self(FileSystem files) throws IOException {
        Path process = Path.of("/proc/self");
        return Files.exists(process)
                ? Files.getOwner(process)
                : files.getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private static Path parentOf(Path directory) {
        return Optional.ofNullable(directory.getParent()).orElse(directory);
    }

    /** Length and checksum of a file. */
    private record Contents(long length, long crc) {}

    private static Contents packedContents() throws IOException {
        URLConnection connection = resource().openConnection();
        if (connection instanceof JarURLConnection jar) {
            // Else the connection would keep the jar open for the JVM's life.
            jar.setUseCaches(false);
            try (JarFile file = jar.getJarFile()) {
                JarEntry entry = file.getJarEntry(jar.getEntryName());
                return new Contents(entry.getSize(), entry.getCrc());
            }
        }
        return contentsOf(connection.getInputStream());
    }

    private static Contents contentsOf(InputStream file) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(file, new CRC32())) {
            long length = in.transferTo(OutputStream.nullOutputStream());
            return new Contents(length, in.getChecksum().getValue());
        }
    }

    private static URL resource() throws IOException {
        ClassLoader loader = Optional.ofNullable(RocksDB.class.getClassLoader())
                .orElse(ClassLoader.getSystemClassLoader());
        URL found = loader.getResource(RESOURCE);
        if (found == null) {
            throw new IOException(
                    "the program has no RocksDB for this machine (%s)".formatted(RESOURCE));
        }
        return found;
    }
}
