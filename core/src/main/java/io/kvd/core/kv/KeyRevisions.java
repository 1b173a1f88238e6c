package io.kvd.core.kv;

/**
 * The numbers of a live key.
 *
 * @param createRevision the revision that made it, after the last time it was absent
 * @param modRevision the revision of its last put
 * @param version 1 at creation, one more with each put
 * @param lease 0 = none
 */
record KeyRevisions(long createRevision, long modRevision, long version, long lease) {

    /** Of a key that was absent before. */
    static KeyRevisions created(long revision) {
        return new KeyRevisions(revision, revision, 1, 0);
    }

    /** After one more put, which leaves the key without a lease. */
    KeyRevisions put(long revision) {
        return new KeyRevisions(createRevision, revision, version + 1, 0);
    }
}
