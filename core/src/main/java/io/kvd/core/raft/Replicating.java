package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The logs agree up to {@code matchIndex}; entries behind it are sent ahead of the answers, within
 * a window. A lost one shows as a gap at the peer, which rejects what comes next, an entry or a
 * heartbeat.
 *
 * @param inflight sent and unanswered, in log order
 */
record Replicating(long matchIndex, long nextIndex, List<Inflight> inflight) implements Progress {
    /** One AppendEntries with entries. */
    record Inflight(long lastIndex, int bytes) {}

    Replicating {
        inflight = List.copyOf(inflight);
    }

    static Replicating from(long matchIndex) {
        return new Replicating(matchIndex, matchIndex + 1, List.of());
    }

    Replicating sent(Inflight sent) {
        List<Inflight> more = new ArrayList<>(inflight);
        more.add(sent);
        return new Replicating(matchIndex, sent.lastIndex() + 1, more);
    }

    long inflightBytes() {
        long bytes = 0;
        for (Inflight sent : inflight) {
            bytes += sent.bytes();
        }
        return bytes;
    }

    boolean hasRoom(RaftOptions options) {
        return inflight.size() < options.maxInflightAppends()
                && inflightBytes() < options.maxInflightBytes();
    }

    @Override
    public boolean awaitsAnswer() {
        return !inflight.isEmpty();
    }

    @Override
    public Progress accepted(long index) {
        if (index <= matchIndex) {
            return this;
        }
        int answered = 0;
        while (answered < inflight.size() && inflight.get(answered).lastIndex() <= index) {
            answered++;
        }
        return new Replicating(
                index, Math.max(nextIndex, index + 1), inflight.subList(answered, inflight.size()));
    }

    @Override
    public Progress rejected(long rejectedIndex, long agreeingIndex) {
        // At or below the match: the peer has it by now; at or above next: of an earlier window.
        if (rejectedIndex <= matchIndex || rejectedIndex >= nextIndex) {
            return this;
        }
        return Probing.backedOff(matchIndex, rejectedIndex, agreeingIndex);
    }
}
