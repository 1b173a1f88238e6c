package io.kvd.core.raft;

/**
 * What a member says of its own fitness, and when it may next give its office up for it. Outlives
 * the roles: the pause between two hand-overs grows from one office to the next, so that two members
 * which are unfit by turns do not hand the office to and fro. Owned by the core's thread.
 */
public final class Candidacy {
    /** The first pause, in shortest election timeouts. */
    private static final int FIRST_PAUSE_TIMEOUTS = 2;
    /** The longest one. After another such pause without a hand-over the first one counts again. */
    static final int LONGEST_PAUSE_TIMEOUTS = 16;

    private final int electionTicks;
    private Fitness fitness = Fitness.UNKNOWN;
    private long pauseTicks;
    /** From when on the next hand-over may begin. */
    private long nextTick;

    Candidacy(int electionTicks) {
        this.electionTicks = electionTicks;
        this.pauseTicks = (long) FIRST_PAUSE_TIMEOUTS * electionTicks;
    }

    public Fitness fitness() {
        return fitness;
    }

    /** What is told from now on, and acted on in office. Begins with {@link Fitness#UNKNOWN}. */
    public void is(Fitness now) {
        fitness = now;
    }

    boolean mayHandOver(long tick) {
        return tick >= nextTick;
    }

    /** An office is being given up for want of fitness. */
    void handsOver(long tick) {
        long longest = (long) LONGEST_PAUSE_TIMEOUTS * electionTicks;
        boolean wasCalm = tick - nextTick >= longest;
        pauseTicks = wasCalm
                ? (long) FIRST_PAUSE_TIMEOUTS * electionTicks
                : Math.min(longest, 2 * pauseTicks);
        nextTick = tick + pauseTicks;
    }
}
