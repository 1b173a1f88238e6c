package io.kvd.server.storage;

import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Directories that survive power loss, and that are what they seem to be. */
final class DataFiles {
    private DataFiles() {}

    /** Makes the directory and those above it; on return their names are durable, as is this one's if it was there. */
    static void makeDirectory(Path directory) {
        try {
            ArrayDeque<Path> missing = new ArrayDeque<>();
            Path absolute = directory.toAbsolutePath().normalize();
            for (Path at = absolute; at != null && !Files.exists(at); at = at.getParent()) {
                missing.push(at);
            }
            // Made by an earlier start that did not come so far, or by the operator, who may keep
            // the parent closed.
            if (missing.isEmpty() && Files.isReadable(absolute.resolve(".."))) {
                persistNames(absolute.resolve(".."));
            }
            for (Path path : missing) {
                Files.createDirectory(path);
                persistNames(path.resolve(".."));
            }
        } catch (IOException e) {
            throw refusedOrFailed("making directory " + directory, e);
        }
    }

    /** What the operator chose or allowed is refused; a disk that fails or is full has failed. */
    static StorageException refusedOrFailed(String doing, IOException cause) {
        StorageException failed = StorageFailures.of(doing, cause);
        boolean diskFailed = failed.kind() == StorageException.Kind.NO_SPACE
                || String.valueOf(cause.getMessage()).contains("Input/output error");
        if (!diskFailed && cause instanceof FileSystemException refusal) {
            return new StorageException(
                    StorageException.Kind.REFUSED,
                    "refusing to start: %s: %s; choose a directory that this user can write"
                            .formatted(doing, reason(refusal)),
                    cause);
        }
        return failed;
    }

    /** Some kinds of exceptions stand for a reason and have no words for it. */
    private static String reason(FileSystemException refusal) {
        if (refusal instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (refusal instanceof NotDirectoryException) {
            return "not a directory";
        }
        return Optional.ofNullable(refusal.getReason()).orElseGet(refusal::toString);
    }

    /** Fsyncs the directory itself: which names are in it. */
    static void persistNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a directory whose name need not survive power loss, and those above it. */
    static void makeTransientDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageFailures.of("making directory " + directory, e);
        }
    }

    /** How much may be written to the file system that the directory is on. */
    static long usableBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw StorageFailures.of("asking for free space at " + directory, e);
        }
    }

    /**
     * Gives the directory another name, at once, on the same file system. On return the name is durable, as are the
     * names of what is in it; what its files hold must be durable already.
     *
     * @param to there is none, but what is above it may be missing too
     */
    static void publish(Path from, Path to) {
        try {
            persistNames(from);
            makeDirectory(to.resolve("..").normalize());
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            persistNames(to.resolve(".."));
            persistNames(from.resolve("..").normalize());
        } catch (IOException e) {
            throw StorageFailures.of("renaming %s to %s".formatted(from, to), e);
        }
    }

    /** What the directory holds, by name; nothing if it does not exist. */
    static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw refusedOrFailed("listing " + directory, e);
        }
    }

    /** Deletes the directory and all that is in it, if it exists. Follows no links. */
    static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw StorageFailures.of("deleting " + directory, e);
        }
    }

    /**
     * A RocksDB directory that lost its CURRENT file would be taken for a new one, and its files deleted.
     *
     * @throws StorageException DAMAGE
     */
    static void checkNotHeadless(Path directory) {
        if (Files.exists(directory.resolve("CURRENT"))) {
            return;
        }
        for (Path file : list(directory)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".sst") || name.endsWith(".log")) {
                throw StorageFailures.damaged(
                        directory,
                        "there is %s but no CURRENT".formatted(name),
                        new NoSuchFileException("CURRENT"));
            }
        }
    }

    /**
     * Checks WALs and MANIFEST: RocksDB itself overlooks some damage to them ({@link LogFileCheck}).
     *
     * @throws StorageException DAMAGE
     */
    static void checkLogFiles(Path directory) {
        for (Path file : list(directory)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".log") || name.startsWith("MANIFEST-")) {
                try {
                    LogFileCheck.check(file);
                } catch (DamagedException e) {
                    throw StorageFailures.damaged(directory, String.valueOf(e.getMessage()), e);
                } catch (IOException e) {
                    throw refusedOrFailed("reading " + file, e);
                }
            }
        }
    }
}
