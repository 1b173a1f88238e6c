package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One replica's member of the Raft protocol, as a state machine without a clock, a disk or a
 * network. What happens goes in ({@link #step}, {@link #tick}, {@link #propose}, …); what must
 * happen outside comes out as one {@link Ready}, which the caller carries out, persists, and
 * confirms with {@link #advance} before anything else goes in. So there is never a moment at which
 * memory and disk differ and a message arrives.
 *
 * <p>Owned by one thread. Holds what every role shares; what only one role needs is in its {@link
 * Role}. Every change of role goes through one of the {@code become…} methods:
 *
 * <pre>
 * from           to             when
 * any            FOLLOWER       a higher term in any message (Raft §5.1), except a campaign's while
 *                               a leader is alive (thesis §4.2.3)
 * FOLLOWER       FOLLOWER       the term's leader becomes known, or its connection breaks
 * PRE_CANDIDATE  FOLLOWER       AppendEntries of its term; a majority refused
 * CANDIDATE      FOLLOWER       AppendEntries of its term; a majority refused
 * LEADER         FOLLOWER       no majority answered for a minimum election timeout (thesis §6.2)
 * FOLLOWER       PRE_CANDIDATE  its election timeout (thesis §9.6); the only voter's first tick
 * PRE_CANDIDATE  PRE_CANDIDATE  its election timeout
 * CANDIDATE      PRE_CANDIDATE  its election timeout: a split vote, or no majority reached
 * PRE_CANDIDATE  CANDIDATE      a majority would vote for it
 * FOLLOWER       CANDIDATE      TimeoutNow: its leader hands over (thesis §3.10)
 * CANDIDATE      LEADER         a majority voted for it, its own persisted vote included
 * </pre>
 */
public final class RaftCore {
    private final RaftOptions options;
    private final Identity identity;
    private final TermAndVote termAndVote;
    private final RaftLog log;
    private final ApplyQueue applyQueue;
    private final ElectionTimer timer;
    private final Candidacy candidacy;
    private final Outbox outbox = new Outbox();
    private final Configuration configuration;
    private final PeerRules rules = new PeerRules(this);
    private final Freshness freshness;

    /**
     * Highest index known to be on a quorum. Monotonic within this process; not persisted, since
     * the next leader establishes it anew (Raft Figure 2, volatile state). Changed only by {@link
     * #commitTo}.
     */
    private long commitIndex;
    /** Replaced only by the {@code become…} methods. */
    private Role role;
    /** Ticks since this process began. */
    private long ticks;
    /** Whether a Ready was given out and {@link #advance} not called yet. */
    private boolean isReadyOut;

    /**
     * A follower with what it knew when it stopped.
     *
     * @param random draws election timeouts, and nothing else
     */
    public RaftCore(
            RaftOptions options,
            Identity identity,
            RestoredReplica restored,
            RandomGenerator random) {
        this.options = options;
        this.identity = identity;
        this.configuration = restored.configuration();
        this.termAndVote = new TermAndVote(restored.hardState());
        this.log = new RaftLog(restored, options.maxTailBytes());
        this.commitIndex = restored.applied().index();
        this.applyQueue = new ApplyQueue(log, options.maxApplyBytes(), commitIndex);
        this.freshness = new Freshness(identity.incarnation(), commitIndex);
        this.timer = new ElectionTimer(options.electionTicks(), random);
        this.candidacy = new Candidacy(options.electionTicks());
        this.role = new Follower(this, NodeId.NONE);
    }

    /**
     * A message arrived. It must be of this group, for this node and from another; anything else
     * may be wrong with it. One from a node that is no member is ignored, its term too. Returns the
     * rule that it breaks ({@link PeerRules}), and then it had no effect; else empty.
     */
    public Optional<String> step(Message message) {
        checkMayChange();
        Message.Header header = message.header();
        boolean isForMe = header.groupId() == groupId() && header.to() == nodeId();
        Check.that(isForMe && header.from() != nodeId(), "%s was given %s", this, message);
        boolean isLate = message.isAnswer() && header.incarnation() != identity.incarnation();
        if (isLate || configuration.member(header.from()).isEmpty()) {
            return Optional.empty();
        }
        Optional<String> broken = rules.brokenBy(message);
        if (broken.isEmpty() && message.term() > term()) {
            stepFromLaterTerm(message);
        } else if (broken.isEmpty() && message.term() == term()) {
            role.receive(message);
        } else if (broken.isEmpty()) {
            role.answerStale(message);
        }
        return broken;
    }

    private void stepFromLaterTerm(Message message) {
        // While a leader is alive nobody else is elected, so who campaigns is not followed into its
        // term (thesis §4.2.3), unless that leader asked it to.
        if (message instanceof Message.PreVoteRequest request
                && role.hearsOtherLeader(message.from())) {
            role.onPreVoteRequest(request);
            return;
        }
        if (message instanceof Message.VoteRequest request
                && request.reason() != Message.CampaignReason.TRANSFER
                && role.hearsOtherLeader(message.from())) {
            return;
        }
        boolean isFromLeader = message instanceof Message.AppendEntries
                || message instanceof Message.InstallSnapshot;
        becomeFollower(message.term(), isFromLeader ? message.from() : NodeId.NONE);
        role.receive(message);
    }

    /**
     * The caller's own clock, which counts pauses too. To be called before anything that is done at
     * that moment.
     */
    public void clock(long nanos) {
        freshness.advanceTo(nanos);
    }

    /** One {@code options.tickMs} passed. */
    public void tick() {
        checkMayChange();
        ticks++;
        role.tick();
    }

    /**
     * Appends the proposals to the leader's log, all or none, with consecutive indexes. The log
     * time of the entries is the largest that this log ever had, and the time in office since: it
     * never goes back.
     */
    public Proposed propose(List<Proposal> proposals) {
        checkMayChange();
        Check.that(!proposals.isEmpty(), "nothing proposed");
        return role.propose(proposals);
    }

    /**
     * Asks for an index from which the read is linearizable; a follower asks its leader. The
     * outcome is in a later Ready's confirmedReads or refusedReads: always one of both, but not
     * before this leader's first commit.
     *
     * @param id never used before, since a late answer to an earlier use would confirm it
     */
    public void requestRead(ReadId id) {
        checkMayChange();
        role.requestRead(id);
    }

    /**
     * Hands the office to another voter, to {@link NodeId#NONE} = the one that has most of the log
     * and was heard lately. Nothing is proposed until it took over or an election timeout passed.
     * Does nothing if this replica does not lead, is handing over already, or the target is not
     * another voter; {@link #isTransferring} tells.
     */
    public void transferLeadership(long target) {
        checkMayChange();
        role.transferLeadership(target);
    }

    /**
     * The connection to the node broke. If it leads, an election follows shortly instead of after a
     * timeout.
     */
    public void peerLost(long nodeId) {
        checkMayChange();
        role.peerLost(nodeId);
    }

    /**
     * The answer to one of {@link Ready#entriesToLoad}; ignored if the entries are no longer
     * needed.
     */
    public void entriesLoaded(LoadedEntries loaded) {
        checkMayChange();
        if (loaded.request().forNode() == NodeId.NONE) {
            applyQueue.loaded(loaded);
        } else {
            role.entriesLoaded(loaded);
        }
    }

    /** The state machine applied everything up to the index, which was handed out before. */
    public void applied(long index) {
        checkMayChange();
        applyQueue.applied(index);
        freshness.applied(index);
    }

    /**
     * Forgets the log up to and including the index; the next Ready says so. The caller guarantees
     * that the state up to there is flushed (P4). Does nothing if the log begins later already.
     */
    public void cutLog(long index) {
        checkMayChange();
        Check.that(index <= appliedIndex(), "cutting the log to %d: %s", index, this);
        log.cutTo(index);
    }

    /**
     * The state machine is about to be replaced by a snapshot: the log goes on behind the entry (Raft
     * §7). The next Ready says where the log begins, and that is the moment from which the new state
     * counts. A snapshot holds committed entries only, so whoever sent it and whenever does not
     * matter; one that is behind the commit index is of no use.
     *
     * @param last the last entry in it, above the commit index
     * @param lastLogTimeMs the largest log time of what is in it
     */
    public void installSnapshot(EntryId last, long lastLogTimeMs) {
        checkMayChange();
        Check.that(
                role() == RoleName.FOLLOWER && last.index() > commitIndex,
                "installing a snapshot of %s: %s",
                last,
                this);
        log.install(last, lastLogTimeMs);
        commitTo(last.index());
        applyQueue.install(last.index());
    }

    /** Whether {@link #ready} would have anything in it. */
    public boolean hasReady() {
        return !isReadyOut
                && (!termAndVote.isPersisted()
                        || log.mustPersist()
                        || !outbox.isEmpty()
                        || role.hasOutput()
                        || applyQueue.hasOutput(commitIndex));
    }

    /**
     * All that must happen outside now, in the order that {@link Ready} says. Nothing goes in until
     * {@link #advance}.
     */
    public Ready ready() {
        checkMayChange();
        role.fillOutbox(outbox);
        List<Run> committed = applyQueue.take(commitIndex, outbox);
        isReadyOut = true;
        return outbox.take(termAndVote, log, committed);
    }

    /** The last Ready was carried out: what it said is on disk, its messages are sent. */
    public void advance() {
        Check.that(isReadyOut, "advance without ready");
        isReadyOut = false;
        termAndVote.persisted();
        log.persisted();
        timer.persisted();
        role.persisted();
        Invariants.checkCheap(this);
    }

    private void checkMayChange() {
        Check.that(!isReadyOut, "the last ready was not advanced");
    }

    // Transitions. The table is above.

    Role becomeFollower(long newTerm, long leaderId) {
        role.leave();
        termAndVote.adopt(newTerm);
        if (role.name() == RoleName.LEADER) {
            timer.restart(); // It did not run in office.
        }
        return enter(new Follower(this, leaderId));
    }

    void becomePreCandidate() {
        checkMayCampaign();
        role.leave();
        timer.restart();
        PreCandidate next = new PreCandidate(this);
        enter(next);
        next.decide();
    }

    void becomeCandidate(Message.CampaignReason reason) {
        checkMayCampaign();
        role.leave();
        timer.restart();
        termAndVote.adopt(term() + 1);
        termAndVote.voteFor(nodeId());
        enter(new Candidate(this, reason));
    }

    void becomeLeader() {
        boolean isElected = role.name() == RoleName.CANDIDATE && termAndVote.isPersisted();
        Check.that(isElected, "takes office with a vote that may be forgotten: %s", this);
        role.leave();
        Leader next = new Leader(this);
        enter(next);
        next.takeOffice();
    }

    private void checkMayCampaign() {
        Check.that(isVoter() && role.name() != RoleName.LEADER, "may not campaign: %s", this);
    }

    private Role enter(Role next) {
        role = next;
        outbox.roleChanged(new Ready.RoleChange(next.name(), term(), next.leaderId()));
        return next;
    }

    /** The index is on a quorum: it and all before it may be applied. Never goes back. */
    void commitTo(long index) {
        Check.that(index <= log.lastIndex(), "commit index %d, last is %s", index, log.last());
        commitIndex = Math.max(commitIndex, index);
    }

    Message.Header requestHeader(long to) {
        return new Message.Header(groupId(), nodeId(), to, term(), identity.incarnation());
    }

    Message.Header answerHeader(Message request) {
        return request.header().answeredIn(term());
    }

    boolean isVoter() {
        return configuration.isVoter(nodeId());
    }

    RaftOptions options() {
        return options;
    }

    TermAndVote termAndVote() {
        return termAndVote;
    }

    RaftLog log() {
        return log;
    }

    ElectionTimer timer() {
        return timer;
    }

    Outbox outbox() {
        return outbox;
    }

    long ticks() {
        return ticks;
    }

    long groupId() {
        return identity.groupId();
    }

    public long nodeId() {
        return identity.nodeId();
    }

    Role currentRole() {
        return role;
    }

    long handedOutIndex() {
        return applyQueue.handedOutIndex();
    }

    // What others may know.

    public RoleName role() {
        return role.name();
    }

    public long term() {
        return termAndVote.term();
    }

    /** Whom this replica voted for in its term, {@link NodeId#NONE} = nobody. */
    public long votedFor() {
        return termAndVote.votedFor();
    }

    /** Who leads this term, {@link NodeId#NONE} if unknown. */
    public long leaderId() {
        return role.leaderId();
    }

    public long commitIndex() {
        return commitIndex;
    }

    /** What the state machine reported. */
    public long appliedIndex() {
        return applyQueue.appliedIndex();
    }

    /** Everything up to here is on this replica's disk. */
    public long persistedIndex() {
        return log.persistedIndex();
    }

    public EntryId lastId() {
        return log.last();
    }

    /** The last entry that was cut away, {@link EntryId#NONE} if none was. */
    public EntryId logStart() {
        return log.logStart();
    }

    public Configuration configuration() {
        return configuration;
    }

    /** From where on the members need the log, as far as this term's leader knows (P4). */
    public LogNeeds neededFrom() {
        return role.neededFrom();
    }

    /** How old the state is that is read here. */
    public Freshness freshness() {
        return freshness;
    }

    /** What its leader goes on to contradict of what is committed here, in words; else empty. */
    public String contradiction() {
        return role instanceof Follower follower ? follower.contradiction() : "";
    }

    /** What this leader knows of the others, by node id; empty if it does not lead. */
    public List<PeerStatus> peers() {
        return snapshotPeers().status();
    }

    /** The others, for who sends and takes snapshots. To be asked for anew after every input. */
    public SnapshotPeers snapshotPeers() {
        return role instanceof Leader leader ? leader.peers() : new NoPeers(this);
    }

    /** Proposed here in this term and not committed; 0 if it does not lead. */
    public long uncommittedBytes() {
        return role instanceof Leader leader ? leader.uncommittedBytes() : 0;
    }

    /**
     * Log time now, in milliseconds: with which an entry proposed at once would be stamped. Where
     * it does not lead, the largest of its log.
     */
    public long logTimeMs() {
        return role instanceof Leader leader ? leader.logTimeMs() : log.largestLogTimeMs();
    }

    /** The bookkeeping of all bounds, for who audits it. */
    public List<Account> accounts() {
        List<Account> all = new ArrayList<>(role.accounts());
        all.add(applyQueue.account());
        return all;
    }

    public boolean isTransferring() {
        return role instanceof Leader leader && leader.isTransferring();
    }

    /** Whether another member will lead in a moment: what this one can't do may be asked again then. */
    public boolean isLeaving() {
        return role instanceof Leader leader && leader.isLeaving();
    }

    /** To be told how fit this member is. */
    public Candidacy candidacy() {
        return candidacy;
    }

    /** Whether this replica leads and an entry of its term is committed (thesis §6.4). */
    public boolean servesReads() {
        return role instanceof Leader leader && leader.servesReads();
    }

    @Override
    public String toString() {
        String office =
                "node %d %s term %d leader %d".formatted(nodeId(), role(), term(), leaderId());
        String indexes = "commit %d applied %d".formatted(commitIndex, appliedIndex());
        return office + " log " + logStart() + ".." + lastId() + " " + indexes;
    }
}
