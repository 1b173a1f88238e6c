package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * One replica, node 1, whose peers are played by the test: it fabricates what they send and looks
 * at what they are sent.
 */
final class OneReplica {
    static final long ME = 1;

    /** The term of every replica that {@link #in} makes. */
    static final long TERM = 5;

    private final RaftCluster cluster;

    OneReplica(int voters) {
        this(
                RaftCluster.OPTIONS,
                RaftCluster.configuration(voters, 0),
                HardState.INITIAL,
                List.of());
    }

    OneReplica(int voters, HardState hardState, long... logTerms) {
        this(
                RaftCluster.OPTIONS,
                RaftCluster.configuration(voters, 0),
                hardState,
                RaftCluster.logOf(logTerms));
    }

    OneReplica(
            RaftOptions options, Configuration configuration, HardState hardState, List<Run> log) {
        this.cluster = RaftCluster.scripted(options, configuration);
        node().restore(hardState, log, 0);
        node().start(Long.MAX_VALUE);
    }

    /** One of three voters, in the role, in {@link #TERM}, with the log t1 t2. */
    static OneReplica in(RoleName role) {
        return in(role, RaftCluster.OPTIONS);
    }

    static OneReplica in(RoleName role, RaftOptions options) {
        long restoredTerm = role == RoleName.CANDIDATE || role == RoleName.LEADER ? TERM - 1 : TERM;
        OneReplica replica = new OneReplica(
                options,
                RaftCluster.configuration(3, 0),
                new HardState(restoredTerm, NodeId.NONE),
                RaftCluster.logOf(1, 2));
        switch (role) {
            case FOLLOWER -> replica.step(replica.heartbeat(2, TERM));
            case PRE_CANDIDATE -> replica.campaign();
            case CANDIDATE -> replica.stand();
            case LEADER -> replica.lead();
        }
        return replica;
    }

    TestNode node() {
        return cluster.node(ME);
    }

    RaftCore core() {
        return cluster.core(ME);
    }

    /** Steps it, carries out what is ready, applies, and returns what was sent. */
    List<Message> step(Message message) {
        cluster.deliver(message);
        return takeSent();
    }

    /** The only message sent, which is of this kind. */
    <M extends Message> M answer(Class<M> kind, Message message) {
        List<Message> sent = step(message);
        if (sent.size() != 1 || !kind.isInstance(sent.get(0))) {
            throw new AssertionError("sent " + sent);
        }
        return kind.cast(sent.get(0));
    }

    List<Message> tick(int ticks) {
        cluster.tick(ME, ticks);
        return takeSent();
    }

    List<Message> propose(String... payloads) {
        cluster.propose(ME, payloads);
        return takeSent();
    }

    ReadId read() {
        return cluster.read(ME);
    }

    /** Carries out what is ready and returns what was sent. */
    List<Message> settle() {
        cluster.settle(node());
        return takeSent();
    }

    /** What was sent since it was last asked. */
    List<Message> takeSent() {
        List<Message> sent = List.copyOf(cluster.network());
        cluster.dropAll();
        return sent;
    }

    static <M extends Message> List<M> only(Class<M> kind, List<Message> messages) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    void restart() {
        node().crash();
        node().start(Long.MAX_VALUE);
        takeSent();
    }

    /** Ticks until it asks for pre-votes. */
    List<Message> campaign() {
        cluster.campaign(ME);
        return takeSent();
    }

    /** Campaigns and is granted every pre-vote: a candidate. */
    List<Message> stand() {
        campaign();
        List<Message> sent = new ArrayList<>();
        for (long voter : others()) {
            if (core().role() == RoleName.PRE_CANDIDATE) {
                sent.addAll(step(preVoteReply(voter, Message.Vote.GRANTED)));
            }
        }
        return sent;
    }

    /** Stands and is granted every vote: a leader; returns its first AppendEntries. */
    List<Message> lead() {
        stand();
        List<Message> sent = new ArrayList<>();
        for (long voter : others()) {
            if (core().role() == RoleName.CANDIDATE) {
                sent.addAll(step(voteReply(voter, Message.Vote.GRANTED)));
            }
        }
        return sent;
    }

    /** Every other voter accepts all of the leader's log; what that makes it send is dropped. */
    OneReplica acceptAll() {
        for (long voter : others()) {
            step(accepted(voter, core().lastId().index()));
        }
        return this;
    }

    private List<Long> others() {
        List<Long> others = new ArrayList<>(core().configuration().voters());
        others.remove(ME);
        return others;
    }

    // What peers say. Requests carry incarnation 1 of theirs, answers that of this replica.

    Message.Header request(long from, long term) {
        return new Message.Header(TestNode.GROUP, from, ME, term, 1);
    }

    Message.Header reply(long from, long term) {
        return new Message.Header(TestNode.GROUP, from, ME, term, node().incarnation());
    }

    Message.AppendEntries heartbeat(long from, long term) {
        return append(from, term, core().lastId(), List.of(), 0);
    }

    Message.AppendEntries append(
            long from, long term, EntryId previous, List<Run> entries, long commitIndex) {
        return new Message.AppendEntries(
                request(from, term), previous, entries, commitIndex, 0, 0, Moment.NONE);
    }

    Message.AppendAccepted accepted(long from, long matchIndex) {
        return accepted(from, matchIndex, 0);
    }

    Message.AppendAccepted accepted(long from, long matchIndex, long round) {
        return new Message.AppendAccepted(
                reply(from, core().term()), matchIndex, round, Moment.NONE, Fitness.UNKNOWN);
    }

    Message.AppendRejected rejected(long from, long rejectedIndex, EntryId hint) {
        return new Message.AppendRejected(
                reply(from, core().term()), rejectedIndex, hint, hint.index(), 0, Moment.NONE);
    }

    Message.PreVoteRequest preVoteRequest(long from, long term, EntryId last) {
        return new Message.PreVoteRequest(
                request(from, term), term + 1, last, Fitness.Ability.UNKNOWN);
    }

    Message.PreVoteReply preVoteReply(long from, Message.Vote vote) {
        return new Message.PreVoteReply(reply(from, core().term()), core().term() + 1, vote);
    }

    Message.VoteRequest voteRequest(long from, long term, EntryId last) {
        return new Message.VoteRequest(request(from, term), last, Message.CampaignReason.TIMEOUT);
    }

    Message.VoteReply voteReply(long from, Message.Vote vote) {
        return new Message.VoteReply(reply(from, core().term()), vote);
    }

    /** Some message of the kind: well formed, and of no consequence beyond its term. */
    Message any(Class<?> kind, long from, long term) {
        // Answers echo the incarnation of the asker, which is also a number that requests may have.
        return any(kind, reply(from, term));
    }

    static Message any(Class<?> kind, Message.Header header) {
        List<ReadId> reads = List.of(new ReadId(9, 9));
        EntryId last = new EntryId(Math.max(0, Math.min(TERM, header.term())), 100);
        EntryId lastOfCandidate = new EntryId(Math.max(0, Math.min(TERM, header.term() - 1)), 100);
        Message.Vote refused = Message.Vote.REFUSED;
        if (kind == Message.AppendEntries.class) {
            return new Message.AppendEntries(header, last, List.of(), 0, 0, 0, Moment.NONE);
        } else if (kind == Message.AppendAccepted.class) {
            return new Message.AppendAccepted(header, 1, 0, Moment.NONE, Fitness.UNKNOWN);
        } else if (kind == Message.AppendRejected.class) {
            return new Message.AppendRejected(header, 1, EntryId.NONE, 0, 0, Moment.NONE);
        } else if (kind == Message.PreVoteRequest.class) {
            return new Message.PreVoteRequest(
                    header, header.term() + 1, last, Fitness.Ability.UNKNOWN);
        } else if (kind == Message.PreVoteReply.class) {
            return new Message.PreVoteReply(header, header.term() + 1, refused);
        } else if (kind == Message.VoteRequest.class) {
            return new Message.VoteRequest(header, lastOfCandidate, Message.CampaignReason.TIMEOUT);
        } else if (kind == Message.VoteReply.class) {
            return new Message.VoteReply(header, refused);
        } else if (kind == Message.TimeoutNow.class) {
            return new Message.TimeoutNow(header);
        } else if (kind == Message.ReadIndexRequest.class) {
            return new Message.ReadIndexRequest(header, reads);
        } else if (kind == Message.ReadIndexReply.class) {
            return new Message.ReadIndexReply(header, reads, 0);
        } else if (kind == Message.ReadIndexRefused.class) {
            return new Message.ReadIndexRefused(header, reads);
        } else if (kind == Message.InstallSnapshot.class) {
            return new Message.InstallSnapshot(header, new SnapshotPiece() {});
        } else if (kind == Message.InstallSnapshotReply.class) {
            return new Message.InstallSnapshotReply(header, new SnapshotPiece() {});
        }
        throw new AssertionError("no example of " + kind);
    }

    /** Every kind of message there is. */
    static List<Class<?>> kinds() {
        return List.of(Message.class.getPermittedSubclasses());
    }

    /** How many ticks pass before it campaigns. */
    int ticksUntilCampaign() {
        int ticks = 0;
        while (core().role() == RoleName.FOLLOWER) {
            tick(1);
            ticks++;
        }
        return ticks;
    }
}
