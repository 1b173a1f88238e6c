package io.kvd.core.raft;

/** What a leader keeps of one other member during its term. Owned by {@link Replication}. */
final class Peer {
    private final long nodeId;
    private final boolean voter;
    private final Loading loading = new Loading();
    private final Echo echo = new Echo();
    private Progress progress;
    private CatchUp catchUp = CatchUp.NONE;
    /**
     * When it last answered anything of this term, in ticks. Begins at taking office: everyone gets
     * a timeout.
     */
    private long answeredTick;
    /** When it was last sent an AppendEntries, in ticks. */
    private long sentTick;
    /** The highest read round it answered. */
    private long ackedRound;
    /** The highest read round it was asked. */
    private long sentRound;
    /** The last entry of all that it was sent in this term, or the one before its entries. */
    private long sentIndex;
    /**
     * Since when an answer is awaited, in ticks: the oldest message since its last answer. Means
     * nothing while none is awaited.
     */
    private long awaitedTick;
    /** As it said itself when it last accepted. */
    private Fitness fitness = Fitness.UNKNOWN;
    /** What it needs at once, since a read of its own waits for it. */
    private long wantedIndex;

    Peer(Member member, long lastIndex, long tick) {
        this.nodeId = member.nodeId();
        this.voter = member.suffrage() == Member.Suffrage.VOTER;
        this.progress = Probing.atEnd(lastIndex);
        this.answeredTick = tick;
        this.sentTick = tick;
    }

    long nodeId() {
        return nodeId;
    }

    boolean isVoter() {
        return voter;
    }

    Loading loading() {
        return loading;
    }

    Echo echo() {
        return echo;
    }

    Progress progress() {
        return progress;
    }

    void progress(Progress next) {
        progress = next;
    }

    CatchUp catchUp() {
        return catchUp;
    }

    void catchUp(CatchUp next) {
        catchUp = next;
    }

    long matchIndex() {
        return progress.matchIndex();
    }

    long answeredTick() {
        return answeredTick;
    }

    long ackedRound() {
        return ackedRound;
    }

    Fitness fitness() {
        return fitness;
    }

    void fitness(Fitness said) {
        fitness = said;
    }

    /** An acceptance or a rejection: both show that the peer follows this leader (thesis §6.4). */
    void answered(long tick, long round) {
        answeredTick = tick;
        awaitedTick = tick;
        ackedRound = Math.max(ackedRound, round);
    }

    /** Called before {@link #progress} is told. */
    void sent(long tick, long round, long lastIndex) {
        if (!awaitsAnswer()) {
            awaitedTick = tick;
        }
        sentTick = tick;
        sentRound = round;
        sentIndex = Math.max(sentIndex, lastIndex);
    }

    long sentIndex() {
        return sentIndex;
    }

    long sentTick() {
        return sentTick;
    }

    long sentRound() {
        return sentRound;
    }

    boolean awaitsAnswer() {
        return progress.awaitsAnswer() || ackedRound < sentRound;
    }

    /** How long an answer has been awaited, in ticks; 0 if none is. */
    long awaitedTicks(long tick) {
        return awaitsAnswer() ? tick - awaitedTick : 0;
    }

    void wants(long index) {
        wantedIndex = Math.max(wantedIndex, index);
    }

    /** Whether what it lacks is awaited by a read of its own. */
    boolean wantsMore() {
        return wantedIndex >= progress.nextIndex();
    }
}
