package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryFormat;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Proposal;
import io.kvd.core.raft.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What logs are made of: writes of one session, of 300 bytes each with their header, that don't compress. One seed, so
 * that all candidates are given the same. Used by one thread at a time.
 */
final class LogEntries {
    static final int ENTRY_BYTES = 300;

    private static final int POOL_BYTES = 4 << 20;
    private static final int PAYLOAD_BYTES = ENTRY_BYTES - EntryFormat.HEADER_BYTES;
    private static final long SEED = 42;
    private static final long SESSION = 1;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final byte[] pool = new byte[POOL_BYTES];
    private final long term;
    private long lastIndex;
    private long sequence;

    /** Entries of the term, that follow the index. */
    LogEntries(long term, long lastIndex) {
        this.term = term;
        this.lastIndex = lastIndex;
        random.nextBytes(pool);
    }

    EntryId last() {
        return new EntryId(term, lastIndex);
    }

    /** The next so many, as a leader encodes them. */
    Run next(long groupId, int entryCount) {
        List<Entry> entries = new ArrayList<>(entryCount);
        for (Proposal proposal : proposals(entryCount)) {
            EntryId id = new EntryId(term, ++lastIndex);
            entries.add(new Entry(
                    id, proposal.kind(), Entry.Stamp.ZERO, proposal.origin(), proposal.payload()));
        }
        return Run.encode(groupId, entries);
    }

    /** So many writes that are not in the log yet. */
    List<Proposal> proposals(int count) {
        List<Proposal> proposals = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sequence++;
            Entry.Origin origin = new Entry.Origin(SESSION, sequence, sequence, 0);
            proposals.add(new Proposal(EntryKind.COMMAND, origin, payload(), 0));
        }
        return proposals;
    }

    private Bytes payload() {
        return Bytes.of(pool, random.nextInt(POOL_BYTES - PAYLOAD_BYTES), PAYLOAD_BYTES);
    }
}
