package io.kvd.simulator.run;

import io.kvd.core.node.PeerIdentity;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a faulty node says: messages that break a rule which the receiver can check, of every kind, with numbers that
 * lie as far from the truth as they like. What a receiver can't tell from the truth is not among them: no protocol of
 * this kind survives it (Raft §2, non-Byzantine).
 */
final class Forgery {
    /** Further than any run gets. */
    private static final long FAR = 1_000_000;

    private final long from;
    private final PeerIdentity to;
    private final SplittableRandom random;

    /** @param from in whose name */
    Forgery(long from, PeerIdentity to, SplittableRandom random) {
        this.from = from;
        this.to = to;
        this.random = random;
    }

    /** One message that this replica must refuse. */
    Message lieTo(RaftCore raft) {
        List<Message> lies = new ArrayList<>();
        addAnswers(raft, lies);
        addRequests(raft, lies);
        boolean isAnothersTerm = raft.leaderId() != NodeId.NONE && raft.leaderId() != from;
        if (isAnothersTerm) {
            Message.Header now = header(raft.term());
            lies.add(new Message.AppendEntries(
                    now, raft.lastId(), List.of(), raft.lastId().index(), 0, 0, Moment.NONE));
            lies.add(new Message.TimeoutNow(now));
            lies.add(new Message.ReadIndexReply(
                    now, List.of(new ReadId(raft.term(), 1)), raft.lastId().index()));
        }
        return lies.get(random.nextInt(lies.size()));
    }

    // What nobody asked for, and of terms to come.
    private void addAnswers(RaftCore raft, List<Message> lies) {
        Message.Header now = header(raft.term());
        Message.Header later = header(raft.term() + 1 + random.nextLong(FAR));
        long beyond = raft.lastId().index() + FAR + random.nextLong(FAR);
        if (raft.role() == RoleName.LEADER) {
            lies.add(new Message.AppendAccepted(now, beyond, 0, Moment.NONE, Fitness.UNKNOWN));
            lies.add(new Message.AppendAccepted(now, 1, beyond, Moment.NONE, Fitness.UNKNOWN));
            lies.add(new Message.AppendRejected(now, beyond, EntryId.NONE, 0, 0, Moment.NONE));
            lies.add(new Message.AppendRejected(now, 1, EntryId.NONE, 0, beyond, Moment.NONE));
        }
        lies.add(
                new Message.AppendRejected(now, beyond, new EntryId(1, beyond), 1, 0, Moment.NONE));
        lies.add(new Message.AppendAccepted(later, 1, 1, Moment.NONE, Fitness.UNKNOWN));
        lies.add(new Message.VoteReply(later, Message.Vote.GRANTED));
        if (raft.votedFor() != to.nodeId()) {
            lies.add(new Message.VoteReply(now, Message.Vote.GRANTED));
        }
        lies.add(new Message.PreVoteReply(now, raft.term() + FAR, Message.Vote.GRANTED));
        lies.add(new Message.PreVoteReply(later, later.term(), Message.Vote.GRANTED));
        lies.add(new Message.ReadIndexReply(later, List.of(new ReadId(1, 1)), 1));
        lies.add(new Message.ReadIndexReply(now, List.of(), 1));
        lies.add(new Message.ReadIndexRefused(now, List.of()));
    }

    private void addRequests(RaftCore raft, List<Message> lies) {
        Message.Header now = header(raft.term());
        Message.Header never = header(raft.term() + (1L << 40));
        EntryId last = raft.lastId();
        lies.add(new Message.AppendEntries(never, last, List.of(), 0, 0, 0, Moment.NONE));
        lies.add(new Message.AppendEntries(
                now, new EntryId(raft.term() + 1, last.index()), List.of(), 0, 0, 0, Moment.NONE));
        lies.add(new Message.AppendEntries(
                now, last, List.of(), 0, last.index() + FAR, 0, Moment.NONE));
        lies.add(new Message.PreVoteRequest(now, raft.term() + FAR, last, Fitness.Ability.UNKNOWN));
        lies.add(new Message.PreVoteRequest(
                now,
                raft.term() + 1,
                new EntryId(raft.term() + 1, last.index()),
                Fitness.Ability.UNKNOWN));
        lies.add(new Message.VoteRequest(
                now, new EntryId(raft.term(), last.index()), Message.CampaignReason.TRANSFER));
        lies.add(new Message.VoteRequest(never, last, Message.CampaignReason.TRANSFER));
        lies.add(new Message.TimeoutNow(never));
        lies.add(new Message.ReadIndexRequest(now, List.of()));
    }

    private Message.Header header(long term) {
        return new Message.Header(NodeProcess.GROUP_ID, from, to.nodeId(), term, to.incarnation());
    }
}
