package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.EntryId;

import java.util.List;

/**
 * What applying a batch of entries came to.
 *
 * @param applied the last entry
 * @param revision of the keyspace, after it
 * @param stateHash 16 bytes, after it
 * @param featureLevel after it
 * @param sessions open after it
 * @param answers one an entry, in order; the last one is of {@code applied}
 */
public record AppliedBatch(
        EntryId applied,
        long revision,
        Bytes stateHash,
        int featureLevel,
        int sessions,
        List<Answer> answers) {
    public AppliedBatch {
        answers = List.copyOf(answers);
    }

    public long firstIndex() {
        return applied.index() - answers.size() + 1;
    }
}
