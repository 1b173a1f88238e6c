package io.kvd.core.kv;

/** Door to the state directories of all groups. A generation is live only if the log store names it (P5). */
public interface StateStores {
    /**
     * Opens the state of one generation, making an empty one if there is none.
     *
     * @throws io.kvd.core.base.StorageException damaged (file, what, way out) or not accessible
     */
    StateStore open(long groupId, long generation);

    /** Deletes the directory of a generation that is not open and not live; does nothing if there is none. */
    void delete(long groupId, long generation);
}
