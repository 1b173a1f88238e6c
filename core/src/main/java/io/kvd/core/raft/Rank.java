package io.kvd.core.raft;

import java.util.Comparator;

/**
 * Which of two that campaign at the same moment goes first: a rule that both can apply to what the
 * other one sent. Who could do a leader's work goes before who could not. Then a later or longer log,
 * since it may win where the other one can't (Raft §5.4.1); of equal ones the higher id.
 *
 * <p>Raft's authors gave ranks up since a candidate that made way for a higher one, which then
 * failed, had to time out again (thesis §3.4). Here one makes way for a fraction of a timeout, once a
 * campaign, and before a term is raised (thesis §9.6), so no progress is lost. For the same reason
 * no rank keeps anybody from being elected: unfit ones are when nobody else can be.
 *
 * @param last the member's last entry
 */
record Rank(Fitness.Ability ability, EntryId last, long nodeId) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER = Comparator.comparing(Rank::ability)
            .thenComparing(Rank::last)
            .thenComparingLong(Rank::nodeId);

    static Rank of(RaftCore core) {
        return new Rank(core.candidacy().fitness().ability(), core.lastId(), core.nodeId());
    }

    boolean isAbove(Rank other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }
}
