package io.kvd.core.raft;

import java.util.List;

/**
 * The one request for entries that are no longer in memory which one purpose may have, and its
 * answer until used.
 */
final class Loading {
    private LoadRequest request = LoadRequest.NONE;
    private List<Run> answer = List.of();

    boolean isOutstanding() {
        return !request.equals(LoadRequest.NONE);
    }

    void ask(LoadRequest newRequest) {
        request = newRequest;
        answer = List.of();
    }

    /**
     * Takes the answer if it is to the outstanding request. The log may have been truncated and
     * written again since it was asked for; entries that are not this log's are as good as no
     * answer.
     *
     * @return whether it was the answer awaited; then the next request may be made
     */
    boolean accept(LoadedEntries loaded, RaftLog log) {
        if (!isOutstanding() || !loaded.request().equals(request)) {
            return false;
        }
        answer = log.containsAll(request.fromIndex(), loaded.runs()) ? loaded.runs() : List.of();
        request = LoadRequest.NONE;
        return true;
    }

    /** Nobody needs it any more; an answer that comes is none. */
    void forget() {
        request = LoadRequest.NONE;
        answer = List.of();
    }

    boolean holds(long fromIndex) {
        return !answer.isEmpty() && answer.get(0).firstIndex() == fromIndex;
    }

    int sizeBytes() {
        int bytes = 0;
        for (Run run : answer) {
            bytes += run.sizeBytes();
        }
        return bytes;
    }

    /** The loaded runs, once. */
    List<Run> take() {
        List<Run> taken = answer;
        answer = List.of();
        return taken;
    }
}
