package io.kvd.core.raft;

import java.util.random.RandomGenerator;

/**
 * Ticks without a sign of a leader. Outlives the roles: learning of a higher term is no sign of a
 * leader, so it must not restart the timer (Raft §5.2). Restarted by contact with the current
 * leader, by granting a vote and by campaigning, each time with a timeout drawn anew, so that split
 * votes are rare and resolve (Raft §5.2).
 */
final class ElectionTimer {
    private final int minTicks;
    private final RandomGenerator random;
    /** How far apart two timeouts can be that were drawn as this one was. */
    private int spreadTicks;

    private int elapsedTicks;
    private int timeoutTicks;
    /** Whether there was a sign of a leader whose answer is not persisted yet. */
    private boolean held;

    /** @param minTicks timeouts are drawn from [minTicks, 2 x minTicks) */
    ElectionTimer(int minTicks, RandomGenerator random) {
        this.minTicks = minTicks;
        this.random = random;
        restart();
    }

    void restart() {
        held = false;
        elapsedTicks = 0;
        timeoutTicks = random.nextInt(minTicks, 2 * minTicks);
        spreadTicks = minTicks;
    }

    /**
     * A sign of a leader: the timer stands still until {@link #persisted}, then starts anew.
     * Counted from the arrival of the message, a disk slower than the timeout would start elections
     * against a healthy leader.
     */
    void hold() {
        held = true;
    }

    void persisted() {
        if (held) {
            restart();
        }
    }

    /** Makes it expire after a random number of ticks from 0 to {@code maxTicks}. */
    void expireWithin(int maxTicks) {
        held = false;
        elapsedTicks = 0;
        timeoutTicks = random.nextInt(maxTicks + 1);
        spreadTicks = maxTicks + 1;
    }

    /** Makes it expire after so many more ticks, unless it does before. */
    void expireBy(int ticks) {
        timeoutTicks = Math.min(timeoutTicks, elapsedTicks + ticks);
    }

    void tick() {
        if (!held) {
            elapsedTicks++;
        }
    }

    boolean expired() {
        return elapsedTicks >= timeoutTicks;
    }

    /** Whether everybody else's timer expired that was set for the same reason. */
    boolean expiredForAll() {
        return elapsedTicks >= timeoutTicks + spreadTicks;
    }

    /**
     * Whether the last sign of a leader is younger than any timeout: then no other candidate is
     * listened to.
     */
    boolean withinMinimum() {
        return held || elapsedTicks < minTicks;
    }
}
