package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

/**
 * Door to snapshots on their way, of all groups. A position counts the bytes of a manifest's files, one after the other
 * in its order. At most one snapshot comes in for a group at a time. What is on its way does not survive a restart.
 *
 * <p>Background thread only. Whatever it throws but {@link UnusableSnapshotException} halts the node.
 */
public interface SnapshotStore {
    /**
     * Freezes the group's live state as it is now, or a moment later; the state goes on being written. The disk space
     * of what the state gives up meanwhile is held until {@link #release}.
     *
     * @param shipment not in use
     * @throws io.kvd.core.base.StorageException the state can't be read, or there is no space
     */
    SnapshotManifest make(long shipment, long groupId, long generation);

    /**
     * Up to {@code maxBytes} of a snapshot that was made, from {@code position} on: at least one byte, and no byte of
     * the next file.
     */
    Bytes read(long shipment, long position, int maxBytes);

    /** Deletes a snapshot that was made; does nothing if there is none. */
    void release(long shipment);

    /**
     * Begins to take in a snapshot, in place of any other that came in for the group.
     *
     * @param manifest a peer's words; not believed
     * @throws UnusableSnapshotException a state has no such files, or there is no room for them; nothing was written,
     *     and nothing comes in any more
     */
    void receive(long groupId, SnapshotManifest manifest) throws UnusableSnapshotException;

    /**
     * The next bytes of what comes in; of one file only.
     *
     * @param position where what was written before ends
     * @throws io.kvd.core.base.StorageException there is no space, or writing failed
     */
    void write(long groupId, long position, Bytes bytes);

    /**
     * Checks what came in, all of it, and makes it the generation's state directory. On return it survives power loss,
     * and is live once the log names it (P5).
     *
     * @param generation of which there is no directory
     * @throws UnusableSnapshotException it is not what the manifest says; nothing of it is left
     */
    void stage(long groupId, long generation) throws UnusableSnapshotException;

    /** Deletes what came in, if anything did. */
    void abandon(long groupId);
}
