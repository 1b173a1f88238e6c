package io.kvd.server.storage;

import io.kvd.core.base.StorageException;

import java.util.List;

/**
 * The first failure of a store. From then on everything that would persist fails with it: what is on disk is not
 * known any more, and nothing retries (P6). Any thread.
 */
final class FirstFailure {
    /** Empty or one; set once, by {@link #record}. */
    private volatile List<StorageException> first = List.of();

    /** Keeps the failure unless there is an earlier one; gives it back to be thrown. */
    synchronized StorageException record(StorageException failure) {
        if (first.isEmpty()) {
            first = List.of(failure);
        }
        return failure;
    }

    /** @throws StorageException of the same kind, if something failed before */
    void check() {
        if (first.isEmpty()) {
            return;
        }
        StorageException cause = first.get(0);
        throw new StorageException(
                cause.kind(),
                "refused, since the store failed before: " + cause.getMessage(),
                cause);
    }
}
