package io.kvd.core.raft;

import io.kvd.core.base.Bytes;

/**
 * An entry to be: the leader adds term, index and log time.
 *
 * @param wallTimeMs informational, see {@link Entry.Stamp}
 */
public record Proposal(EntryKind kind, Entry.Origin origin, Bytes payload, long wallTimeMs) {}
