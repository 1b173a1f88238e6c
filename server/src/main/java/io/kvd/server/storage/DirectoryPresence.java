package io.kvd.server.storage;

import java.nio.file.Path;

/**
 * Proves that what this process has open is what the next start would find. A directory that is removed, replaced,
 * unmounted or mounted over fails nothing: open files go on taking writes and fsyncs, and what they acknowledged is
 * gone with the process. Any thread.
 */
public final class DirectoryPresence {
    private final DataDirectory data;
    private final RocksDbLogStore log;
    private final RocksDbStateStores states;

    public DirectoryPresence(DataDirectory data, RocksDbLogStore log, RocksDbStateStores states) {
        this.data = data;
        this.log = log;
        this.states = states;
    }

    public Path path() {
        return data.path();
    }

    /**
     * Whether directory, log and states are in their places, by the lock file of each: some microseconds.
     *
     * @throws io.kvd.core.base.StorageException IO: they are not; the node must halt
     */
    public void check() {
        data.checkInPlace();
        log.checkInPlace();
        states.checkInPlace();
    }

    /**
     * Also whether every file of theirs is there: some milliseconds where there are thousands.
     *
     * @throws io.kvd.core.base.StorageException IO: they are not; the node must halt
     */
    public void checkFiles() {
        check();
        log.checkFiles();
        states.checkFiles();
    }
}
