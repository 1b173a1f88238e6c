package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One campaign's ballots, and who is still to be asked. A voter's first answer counts, so a
 * repeated reply is never a second vote.
 */
final class Votes {
    private final List<Long> voters;
    private final int askEveryTicks;
    private final Map<Long, Message.Vote> ballots = new TreeMap<>();
    private long nextAskTick;

    Votes(Configuration configuration, int askEveryTicks) {
        this.voters = configuration.voters();
        this.askEveryTicks = askEveryTicks;
    }

    /** Ignores who is not a voter: its answer counts nowhere (thesis §4.2.1). */
    void count(long nodeId, Message.Vote vote) {
        if (voters.contains(nodeId)) {
            ballots.putIfAbsent(nodeId, vote);
        }
    }

    boolean hasAnswered(long nodeId) {
        return ballots.containsKey(nodeId);
    }

    Quorum.VoteResult result() {
        int granted = 0;
        for (Message.Vote vote : ballots.values()) {
            granted += vote == Message.Vote.GRANTED ? 1 : 0;
        }
        return Quorum.voteResult(voters.size(), granted, ballots.size() - granted);
    }

    boolean mustAsk(long tick) {
        return tick >= nextAskTick && ballots.size() < voters.size();
    }

    /** The voters to ask now: those that have not answered; again after an interval (Raft §5.1). */
    List<Long> ask(long tick) {
        nextAskTick = tick + askEveryTicks;
        List<Long> unanswered = new ArrayList<>(voters);
        unanswered.removeAll(ballots.keySet());
        return unanswered;
    }
}
