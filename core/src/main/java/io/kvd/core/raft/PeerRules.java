package io.kvd.core.raft;

import java.util.List;
import java.util.Optional;

/**
 * The door for what peers say: judges a message, kind by kind, against what this replica knows, before any of it is
 * used. No message of a peer may break an invariant here or count for more than the protocol allows: a message that no
 * correct member can have sent is refused, the sender is named, and this replica goes on. Every rule is one that a
 * correct member keeps under loss, delay, reordering and repetition, so nobody is ever refused wrongly.
 */
final class PeerRules {
    /**
     * A term so far ahead of the own one is no member's: with an election a second it takes over a century of
     * absence. A single forged or damaged message must not be able to use up the terms.
     */
    static final long MAX_TERM_LEAP = 1L << 32;

    private static final Optional<String> KEPT = Optional.empty();

    private final RaftCore core;
    /** Who was taken for a leader last, and of which term: also while the connection with it is lost. */
    private long leaderId = NodeId.NONE;

    private long leaderTerm;

    PeerRules(RaftCore core) {
        this.core = core;
    }

    /** The rule that the message breaks, as the end of "the message …"; empty if it breaks none. */
    Optional<String> brokenBy(Message message) {
        Optional<String> broken = brokenAnywhere(message);
        if (broken.isPresent() || message.term() < core.term()) {
            return broken; // A message of an earlier term changes nothing (Raft §5.1).
        }
        broken = message.term() > core.term()
                ? brokenInLaterTerm(message)
                : brokenInThisTerm(message);
        boolean isOfLeader = message instanceof Message.AppendEntries
                || message instanceof Message.InstallSnapshot;
        if (broken.isEmpty() && isOfLeader) {
            leaderId = message.from();
            leaderTerm = message.term();
        }
        return broken;
    }

    /** What a message contradicts by itself. */
    private Optional<String> brokenAnywhere(Message message) {
        if (message.term() < 0 || message.term() - core.term() > MAX_TERM_LEAP) {
            return Optional.of("is of a term that no member can have reached");
        } else if (message instanceof Message.AppendEntries m) {
            return rule(areInOrder(m), "brings entries that do not follow each other");
        } else if (message instanceof Message.PreVoteRequest m) {
            boolean isNext = m.campaignTerm() == m.term() + 1 && m.last().term() <= m.term();
            return rule(isNext, "asks for a term that is not its sender's next one");
        } else if (message instanceof Message.VoteRequest m) {
            // A candidate's term is above all that is in its log (Raft §5.2).
            return rule(m.last().term() < m.term(), "campaigns with a log of its own term");
        } else if (message instanceof Message.AppendRejected m) {
            return rule(
                    m.hint().index() <= m.lastIndex(),
                    "hints at an entry behind its sender's last");
        } else if (message instanceof Message.PreVoteReply m) {
            boolean isAbove = m.vote() == Message.Vote.REFUSED || m.campaignTerm() > m.term();
            return rule(isAbove, "promises a vote in a term that its sender left behind");
        }
        return rule(!readsOf(message).equals(NO_READS), "asks or answers for no read");
    }

    private static final Optional<List<ReadId>> NO_READS = Optional.of(List.of());

    private static Optional<List<ReadId>> readsOf(Message message) {
        if (message instanceof Message.ReadIndexRequest m) {
            return Optional.of(m.reads());
        } else if (message instanceof Message.ReadIndexReply m) {
            return Optional.of(m.reads());
        }
        return message instanceof Message.ReadIndexRefused m
                ? Optional.of(m.reads())
                : Optional.empty();
    }

    private static boolean areInOrder(Message.AppendEntries message) {
        EntryId before = message.previous();
        if (before.index() == 0 && before.term() != 0) {
            return false; // Before the first entry there is no term.
        }
        for (Run run : message.entries()) {
            EntryId first = run.firstId();
            if (first.index() != before.index() + 1 || first.term() < before.term()) {
                return false;
            }
            before = run.lastId();
        }
        return before.term() <= message.term();
    }

    // What answers a request of a term that this life of the replica has not reached was never
    // asked.
    private Optional<String> brokenInLaterTerm(Message message) {
        boolean isAnswerOfLeader = message instanceof Message.AppendAccepted
                || message instanceof Message.ReadIndexReply;
        boolean isVote = (message instanceof Message.VoteReply m
                        && m.vote() == Message.Vote.GRANTED)
                || (message instanceof Message.PreVoteReply p && p.vote() == Message.Vote.GRANTED);
        if (isAnswerOfLeader || isVote) {
            return Optional.of("answers what was never asked in its term");
        }
        return message instanceof Message.AppendEntries m ? brokenByMinMatch(m) : KEPT;
    }

    private Optional<String> brokenInThisTerm(Message message) {
        if (message instanceof Message.AppendEntries m) {
            return brokenByLeader(m);
        } else if (message instanceof Message.AppendAccepted m) {
            return brokenByAnswer(m.from(), m.matchIndex(), m.round());
        } else if (message instanceof Message.AppendRejected m) {
            return brokenByAnswer(m.from(), m.rejectedIndex(), m.round());
        } else if (message instanceof Message.VoteReply m) {
            boolean isAsked = m.vote() == Message.Vote.REFUSED || core.votedFor() == core.nodeId();
            return rule(isAsked, "is a vote that was never asked for");
        } else if (message instanceof Message.PreVoteReply m) {
            return rule(m.campaignTerm() <= core.term() + 1, "answers a campaign that never began");
        }
        boolean isLeadersWord = message instanceof Message.TimeoutNow
                || message instanceof Message.InstallSnapshot
                || message instanceof Message.ReadIndexReply;
        return rule(
                !isLeadersWord || isPossibleLeader(message.from()),
                "is a leader's, and another node leads its term");
    }

    // A leader that lost its office may still be answered: nobody looks at that.
    private Optional<String> brokenByAnswer(long from, long index, long round) {
        if (!(core.currentRole() instanceof Leader leader)) {
            return KEPT;
        }
        // What it was never sent it can't have; a round that it was never asked it can't confirm
        // (thesis §6.4).
        return rule(
                        index <= leader.peers().sentIndex(from),
                        "is about entries that were never sent")
                .or(() -> rule(
                        round <= leader.peers().sentRound(from),
                        "answers a round that was never asked"));
    }

    private Optional<String> brokenByLeader(Message.AppendEntries message) {
        // At most one leader a term (Election Safety, Raft §5.2).
        return rule(isPossibleLeader(message.from()), "is of a second leader in one term")
                .or(() -> brokenByMinMatch(message))
                // Leader Append-Only (Raft §5.3).
                .or(() -> rule(!takesBack(message), "takes back what its leader sent before"));
    }

    private boolean takesBack(Message.AppendEntries message) {
        return core.currentRole() instanceof Follower follower && follower.takesBack(message);
    }

    // This replica is a member, too, and what it acknowledged it has.
    private Optional<String> brokenByMinMatch(Message.AppendEntries message) {
        return rule(
                message.minMatchIndex() <= core.lastId().index(),
                "says that every member has an entry that this one lacks");
    }

    private boolean isPossibleLeader(long nodeId) {
        long known = leaderTerm == core.term() ? leaderId : core.leaderId();
        return known == NodeId.NONE || known == nodeId;
    }

    private static Optional<String> rule(boolean isKept, String broken) {
        return isKept ? KEPT : Optional.of(broken);
    }
}
