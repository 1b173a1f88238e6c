package io.kvd.core.raft;

import io.kvd.core.base.Check;

/**
 * How well a member could do a leader's work, as it says itself with each acceptance: what a leader
 * knows of it is as young as its last answer. Nothing that keeps the group safe depends on it.
 *
 * @param persistMicros the median of its last log writes, in microseconds; 0 = it made too few
 */
public record Fitness(Ability ability, long persistMicros) {
    /** Nothing is known: nobody hands over to such a member. */
    public static final Fitness UNKNOWN = new Fitness(Ability.UNKNOWN, 0);

    /** Whether a member could serve all requests. */
    public enum Ability {
        /** It would refuse requests, or never answer them. */
        UNFIT,
        /** It has no proof, either way. */
        UNKNOWN,
        FIT
    }

    public Fitness {
        Check.that(persistMicros >= 0, "%d us a log write", persistMicros);
    }

    boolean isFit() {
        return ability == Ability.FIT;
    }

    boolean isUnfit() {
        return ability == Ability.UNFIT;
    }
}
