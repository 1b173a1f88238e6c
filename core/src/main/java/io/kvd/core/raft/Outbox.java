package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;

/** What the roles put out until the next {@link Ready} takes it. Owned by {@link RaftCore}. */
final class Outbox {
    private final List<Message> messagesNow = new ArrayList<>();
    private final List<Message> messagesAfterPersist = new ArrayList<>();
    private final List<LoadRequest> entriesToLoad = new ArrayList<>();
    private final List<ConfirmedRead> confirmedReads = new ArrayList<>();
    private final List<ReadId> refusedReads = new ArrayList<>();
    private final List<Message> snapshotMessages = new ArrayList<>();
    private final List<Ready.RoleChange> roleChanges = new ArrayList<>();

    /** For the kinds that {@link Ready} lets leave before the persist. */
    void sendNow(Message message) {
        messagesNow.add(message);
    }

    void sendAfterPersist(Message message) {
        messagesAfterPersist.add(message);
    }

    void load(LoadRequest request) {
        entriesToLoad.add(request);
    }

    void confirm(List<ReadId> reads, long readIndex) {
        for (ReadId read : reads) {
            confirmedReads.add(new ConfirmedRead(read, readIndex));
        }
    }

    void refuse(List<ReadId> reads) {
        refusedReads.addAll(reads);
    }

    /** A message about a snapshot that may be heard. */
    void handOver(Message message) {
        snapshotMessages.add(message);
    }

    void roleChanged(Ready.RoleChange change) {
        roleChanges.add(change);
    }

    boolean isEmpty() {
        return messagesNow.isEmpty()
                && messagesAfterPersist.isEmpty()
                && entriesToLoad.isEmpty()
                && confirmedReads.isEmpty()
                && refusedReads.isEmpty()
                && snapshotMessages.isEmpty()
                && roleChanges.isEmpty();
    }

    /** All of it, with what the core adds; the outbox is empty afterwards. */
    Ready take(TermAndVote termAndVote, RaftLog log, List<Run> committed) {
        Ready ready = new Ready(
                termAndVote.current(),
                !termAndVote.isPersisted(),
                log.unpersisted(),
                log.truncatedFrom(),
                log.newLogStart(),
                List.copyOf(messagesNow),
                List.copyOf(messagesAfterPersist),
                committed,
                List.copyOf(entriesToLoad),
                List.copyOf(confirmedReads),
                List.copyOf(refusedReads),
                List.copyOf(snapshotMessages),
                List.copyOf(roleChanges));
        messagesNow.clear();
        messagesAfterPersist.clear();
        entriesToLoad.clear();
        confirmedReads.clear();
        refusedReads.clear();
        snapshotMessages.clear();
        roleChanges.clear();
        return ready;
    }
}
