package io.kvd.core.raft;

import java.util.List;

/**
 * What replicas of one group say to each other. Any message may be lost, delayed, reordered and
 * delivered again. Every message carries the sender's term; a receiver with a lower one adopts it
 * first (Raft §5.1), except for a pre-vote's {@code campaignTerm}, which nobody adopts (thesis
 * §9.6).
 */
public sealed interface Message {
    Header header();

    /**
     * Who says it to whom, and as of when.
     *
     * @param groupId which group
     * @param from sender
     * @param to receiver
     * @param term the sender's current term
     * @param incarnation the sender's, for a request; the asker's, echoed, for an answer: answers
     *     to an earlier life of the asker are dropped
     */
    record Header(long groupId, long from, long to, long term, long incarnation) {
        /** Of the receiver's answer to it. */
        Header answeredIn(long answerTerm) {
            return new Header(groupId, to, from, answerTerm, incarnation);
        }
    }

    /**
     * AppendEntries (Raft Figure 2); a heartbeat when {@code entries} is empty, which does the
     * consistency check too.
     *
     * @param previous the entry before the first of {@code entries}
     * @param entries runs that follow {@code previous}, and each other, without a gap; on the wire
     *     one byte string
     * @param commitIndex the leader's; the receiver takes min(this, index of the last entry
     *     verified by this message)
     * @param minMatchIndex the smallest match index over all members that this leader knows in this
     *     term: what lies at or below it no member needs from a log any more (P4)
     * @param round the leader's read round, echoed by the answer; an answer confirms all rounds up
     *     to it (thesis §6.4)
     * @param echo what the receiver said before a round began that a quorum confirmed: a state with
     *     {@code commitIndex} is as of then, or younger
     */
    record AppendEntries(
            Header header,
            EntryId previous,
            List<Run> entries,
            long commitIndex,
            long minMatchIndex,
            long round,
            Moment echo)
            implements Message {
        public AppendEntries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The receiver's log equals the leader's up to {@code matchIndex}, and is persisted up to
     * there.
     *
     * @param moment when the receiver said so, by its own clock
     * @param fitness the receiver's, so that its leader knows whether it could hand over to it
     */
    record AppendAccepted(
            Header header, long matchIndex, long round, Moment moment, Fitness fitness)
            implements Message {}

    /**
     * The receiver's log does not contain {@code previous}. Counts as contact and for {@code
     * round}.
     *
     * @param rejectedIndex {@code previous.index} of the request, so that a late answer is
     *     recognised
     * @param hint the receiver's last entry at or before it whose term is not above {@code
     *     previous.term}: the leader skips a whole term a round
     * @param lastIndex the receiver's last
     * @param moment when the receiver said so, by its own clock
     */
    record AppendRejected(
            Header header,
            long rejectedIndex,
            EntryId hint,
            long lastIndex,
            long round,
            Moment moment)
            implements Message {}

    /**
     * Asks "would you vote for me in {@code campaignTerm}?" without any effect at the receiver
     * (thesis §9.6).
     *
     * @param ability of the sender, for its rank among those that ask at the same time
     */
    record PreVoteRequest(Header header, long campaignTerm, EntryId last, Fitness.Ability ability)
            implements Message {
        Rank rank() {
            return new Rank(ability, last, from());
        }
    }

    /**
     * Answers a {@link PreVoteRequest}; a refusal carries the receiver's term in the header.
     *
     * @param campaignTerm of the request
     */
    record PreVoteReply(Header header, long campaignTerm, Vote vote) implements Message {}

    /**
     * RequestVote (Raft Figure 2); {@code reason} TRANSFER overrides leader stickiness (thesis
     * §4.2.3).
     */
    record VoteRequest(Header header, EntryId last, CampaignReason reason) implements Message {}

    record VoteReply(Header header, Vote vote) implements Message {}

    /** The leader hands over: campaign at once (thesis §3.10). */
    record TimeoutNow(Header header) implements Message {}

    /** A follower asks for a read index for its own clients' reads. */
    record ReadIndexRequest(Header header, List<ReadId> reads) implements Message {
        public ReadIndexRequest {
            reads = List.copyOf(reads);
        }
    }

    /** Confirmed: each of the reads may be served once the receiver applied {@code readIndex}. */
    record ReadIndexReply(Header header, List<ReadId> reads, long readIndex) implements Message {
        public ReadIndexReply {
            reads = List.copyOf(reads);
        }
    }

    /**
     * Not confirmed: the asked replica is not a leader that may serve; ask again elsewhere or
     * later.
     */
    record ReadIndexRefused(Header header, List<ReadId> reads) implements Message {
        public ReadIndexRefused {
            reads = List.copyOf(reads);
        }
    }

    /**
     * InstallSnapshot (Raft §7), in pieces that go beside the heartbeats. Handed over by {@link
     * Ready#snapshotMessages} if its sender leads the receiver's term.
     */
    record InstallSnapshot(Header header, SnapshotPiece piece) implements Message {}

    /** How far the receiver of an {@link InstallSnapshot} is. Handed over to the one that it answers. */
    record InstallSnapshotReply(Header header, SnapshotPiece piece) implements Message {}

    enum Vote {
        GRANTED,
        REFUSED
    }

    enum CampaignReason {
        TIMEOUT,
        TRANSFER
    }

    /** Whether it answers a request, so that its header's incarnation is the receiver's. */
    default boolean isAnswer() {
        return this instanceof AppendAccepted
                || this instanceof AppendRejected
                || this instanceof PreVoteReply
                || this instanceof VoteReply
                || this instanceof ReadIndexReply
                || this instanceof ReadIndexRefused
                || this instanceof InstallSnapshotReply;
    }

    default long from() {
        return header().from();
    }

    default long to() {
        return header().to();
    }

    default long term() {
        return header().term();
    }
}
