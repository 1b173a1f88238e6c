package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Whom a leader sends new entries, and rounds that reads wait for, at once. Mostly to all. A
 * thrifty leader sends them to a bare quorum, the members in turn, and each of the others gets what
 * it lacks in one batch when its turn or its heartbeat comes. As soon as one that was chosen is late
 * with its answer, the next in turn gets everything in its place, and the late one once more, until
 * it answered or has been silent for so long that it is passed over until it answers. Without
 * enough that answer in time everything goes to all.
 *
 * <p>Only when a message leaves is decided here. What counts as committed or confirmed does not
 * depend on it, nor does how often a member hears of its leader. Owned by {@link Replication}.
 */
final class Recipients {
    private final RaftCore core;
    private final RaftLog log;
    private final PendingReads reads;
    private final List<Peer> peers;
    /** How many others make a quorum with this leader. */
    private final int neededPeers;

    private final boolean thrifty;
    private final AnswerTime answerTime;
    /** Where in {@code peers} the search for the next bare quorum begins. */
    private int turn;
    /** Where the one after it will. */
    private int nextTurn;
    // What choose() decided.
    private final List<Peer> chosen = new ArrayList<>();
    private boolean wide = true;
    /** Something waits for a quorum, and one that is late may be the reason. */
    private boolean lacksLateOne;

    /** @param peers all others, as the leader knows them at any time */
    Recipients(RaftCore core, PendingReads reads, List<Peer> peers) {
        this.core = core;
        this.log = core.log();
        this.reads = reads;
        this.peers = peers;
        int majority = Quorum.majority(core.configuration().voterCount());
        this.neededPeers = core.isVoter() ? majority - 1 : majority;
        this.thrifty = core.options().lateAnswerTicks() > 0;
        this.answerTime = new AnswerTime(core.options().lateAnswerTicks());
    }

    boolean include(Peer peer) {
        return wide || chosen.contains(peer);
    }

    /** An answer came; called before the peer is told. */
    void answered(Peer peer) {
        long ticks = peer.awaitedTicks(core.ticks());
        boolean wasAskedOnce = peer.sentTick() == core.ticks() - ticks;
        if (!peer.awaitsAnswer()) {
            answerTime.unexpected();
        } else if (wasAskedOnce) {
            answerTime.took(ticks);
        }
    }

    /** A message is due whether there are entries or not. */
    boolean isHeartbeatDue(Peer peer) {
        return core.ticks() - peer.sentTick() >= core.options().heartbeatTicks();
    }

    /**
     * While something waits for a quorum, the late are sent again what they did not answer (Raft
     * §5.3), less and less often.
     */
    boolean isReminderDue(Peer peer) {
        long patienceTicks = Math.max(answerTime.lateTicks(), peer.awaitedTicks(core.ticks()) / 2);
        return (wide || lacksLateOne)
                && isLate(peer)
                && core.ticks() - peer.sentTick() >= patienceTicks;
    }

    /** Decides, from the state as it is, who is included until the next call. */
    void choose() {
        if (!thrifty) {
            return;
        }
        chosen.clear();
        nextTurn = turn;
        int missing = neededPeers;
        boolean anyoneIsLate = false;
        for (Peer peer : peers) {
            boolean goesNow = mustNotWait(peer);
            if (goesNow) {
                chosen.add(peer);
            }
            if (peer.isVoter() && (hasAll(peer) || (goesNow && isPrompt(peer)))) {
                missing--;
            } else if (peer.isVoter() && isLate(peer)) {
                anyoneIsLate = true;
            }
        }
        lacksLateOne = missing > 0 && anyoneIsLate;
        boolean isShort = missing > 0 && !choosePrompt(missing);
        // The target of a hand-over must be level, whoever it is (thesis §3.10).
        wide = isShort || core.isTransferring();
    }

    /** Those chosen were sent what they lacked: the next ones come after them. */
    void takeTurn() {
        turn = nextTurn;
    }

    private boolean choosePrompt(int missing) {
        int found = 0;
        for (int i = 0; i < peers.size() && found < missing; i++) {
            int at = (turn + i) % peers.size();
            Peer peer = peers.get(at);
            if (peer.isVoter() && !hasAll(peer) && !chosen.contains(peer) && isPrompt(peer)) {
                chosen.add(peer);
                found++;
                nextTurn = (at + 1) % peers.size();
            }
        }
        return found == missing;
    }

    // A message leaves anyway, a read waits at the peer, or it is so far behind that what it lacks
    // comes from disk, in full batches.
    private boolean mustNotWait(Peer peer) {
        return isHeartbeatDue(peer) || peer.wantsMore() || !isInReach(peer);
    }

    private boolean isInReach(Peer peer) {
        long next = peer.progress().nextIndex();
        return next > log.lastIndex() || log.holds(next);
    }

    // Nothing more has to be sent to it for the last entry to be committed and the last read to be
    // confirmed: it has answered all, or will shortly.
    private boolean hasAll(Peer peer) {
        boolean hasAnswered =
                peer.matchIndex() == log.lastIndex() && peer.ackedRound() >= reads.urgentRound();
        boolean wasSent = peer.progress() instanceof Replicating
                && peer.progress().nextIndex() > log.lastIndex()
                && peer.sentRound() >= reads.urgentRound();
        return hasAnswered || (wasSent && isInTime(peer));
    }

    private boolean isPrompt(Peer peer) {
        return isInTime(peer)
                && isInReach(peer)
                && peer.progress() instanceof Replicating replicating
                && replicating.hasRoom(core.options());
    }

    private boolean isInTime(Peer peer) {
        return peer.awaitedTicks(core.ticks()) < answerTime.lateTicks();
    }

    // Silent for longer than a heartbeat, it may be dead: the others must do without it.
    private boolean isLate(Peer peer) {
        return thrifty
                && !isInTime(peer)
                && peer.awaitedTicks(core.ticks()) < core.options().heartbeatTicks();
    }
}
