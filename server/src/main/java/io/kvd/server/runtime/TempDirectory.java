package io.kvd.server.runtime;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory that exists for as long as this object is open. */
final class TempDirectory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;

    TempDirectory(String prefix) {
        this(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), prefix);
    }

    private TempDirectory(Path parent, String prefix) {
        try {
            this.path = Files.createTempDirectory(parent, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException("making a temporary directory", e);
        }
    }

    /** Where fsyncs cost nothing, if this machine has such a place. */
    static TempDirectory inMemory(String prefix) {
        return Files.isWritable(SHARED_MEMORY)
                ? new TempDirectory(SHARED_MEMORY, prefix)
                : new TempDirectory(prefix);
    }

    Path path() {
        return path;
    }

    /** Deletes it with all that is in it; symbolic links are deleted, not followed. */
    @Override
    public void close() {
        try {
            Files.walkFileTree(path, new Deleter());
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + path, e);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
