package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a second process out of a data directory, for as long as this one lives: the system drops the lock with the
 * process, however it ends. The file stays; in it is the holder's process id, for people.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "LOCK";
    private static final int MAX_PID_CHARACTERS = 20;

    private final FileChannel channel;
    private final FileIdentity identity;

    private DirectoryLock(FileChannel channel, FileIdentity identity) {
        this.channel = channel;
        this.identity = identity;
    }

    /** Takes the lock, making its file if there is none. @throws StorageException REFUSED, if another one has it */
    static DirectoryLock take(Path directory) {
        return take(
                directory,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /** Takes the lock of a directory that was in use before; its file must be there. */
    static DirectoryLock takeExisting(Path directory) {
        return take(directory, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static DirectoryLock take(Path directory, Set<OpenOption> how) {
        Path file = directory.resolve(FILE);
        DirectoryLock lock = open(file, how);
        try {
            if (!lock.isGot()) {
                throw new StorageException(
                        Kind.REFUSED,
                        "refusing to start: %s is in use by %s".formatted(directory, holder(file)));
            }
            lock.writePid();
            return lock;
        } catch (StorageException e) {
            lock.close();
            throw e;
        } catch (IOException e) {
            lock.close();
            throw StorageFailures.of("locking " + file, e);
        }
    }

    private static DirectoryLock open(Path file, Set<OpenOption> how) {
        try {
            return new DirectoryLock(FileChannel.open(file, how), FileIdentity.of(file));
        } catch (IOException e) {
            throw DataFiles.refusedOrFailed("opening " + file, e);
        }
    }

    private boolean isGot() throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock()).isPresent();
        } catch (OverlappingFileLockException e) {
            // Another server in this JVM.
            return false;
        }
    }

    /** Of one length, so that it needs no space once the file is there: a full disk must not keep a node from starting. */
    private void writePid() throws IOException {
        String pid = ("%-" + MAX_PID_CHARACTERS + "d%n")
                .formatted(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** @throws StorageException IO: the file that is locked is not the one that others would lock */
    void checkInPlace() {
        identity.check();
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
            boolean readable = !pid.isEmpty()
                    && pid.length() <= MAX_PID_CHARACTERS
                    && pid.chars().allMatch(Character::isDigit);
            return readable ? "process " + pid : "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw StorageFailures.of("unlocking a data directory", e);
        }
    }
}
