package io.kvd.core.raft;

/**
 * A moment in one life of one member, by its own clock: what it says in an answer, and hears again from its leader once
 * a quorum confirmed a round that began later. Means nothing to anybody else.
 *
 * @param incarnation of the life; 0 = no moment
 * @param nanos since that life began
 */
public record Moment(long incarnation, long nanos) implements Comparable<Moment> {
    public static final Moment NONE = new Moment(0, 0);

    @Override
    public int compareTo(Moment other) {
        int byLife = Long.compare(incarnation, other.incarnation);
        return byLife != 0 ? byLife : Long.compare(nanos, other.nanos);
    }
}
