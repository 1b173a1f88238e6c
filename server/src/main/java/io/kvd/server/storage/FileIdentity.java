package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The file that a path led to once, so that it can be told whether it still leads there. For files that this process
 * holds open: the system gives their inode to nobody else meanwhile.
 *
 * @param key device and inode; the path itself where the system has none
 */
record FileIdentity(Path path, Object key) {
    /** @throws StorageException if there is no such file */
    static FileIdentity of(Path path) {
        try {
            return new FileIdentity(path, keyOf(path));
        } catch (IOException e) {
            throw StorageFailures.of("looking at " + path, e);
        }
    }

    /** @throws StorageException IO: there is none, or another one, or it can't be looked at */
    void check() {
        Object found;
        try {
            found = keyOf(path);
        } catch (IOException e) {
            throw gone(path, e);
        }
        if (!found.equals(key)) {
            throw gone(path, new IOException("%s, it was %s".formatted(found, key)));
        }
    }

    private static Object keyOf(Path path) throws IOException {
        return Optional.ofNullable(
                        Files.readAttributes(path, BasicFileAttributes.class).fileKey())
                .orElse(path);
    }

    /** What this process writes reaches files that nobody will find again. */
    static StorageException gone(Path path, IOException cause) {
        return new StorageException(
                Kind.IO,
                ("%s is not what this process opened: it was removed, replaced, unmounted or mounted over. Put it back"
                                + " before the next start, which takes an empty directory for a new member")
                        .formatted(path),
                cause);
    }
}
