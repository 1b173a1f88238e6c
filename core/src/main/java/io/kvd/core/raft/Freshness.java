package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * As of when is the state that is read here? The one owner of that question.
 *
 * <p>Members share no clock. So age is counted from a moment of this member's own clock, at which it said something to
 * its leader, and the leader had a later round confirmed by a quorum: what anybody was told of before that moment is at
 * or below an index (thesis §6.4), and is shown by a state that has applied the index. However long a message took, and
 * whether it comes late, twice or not at all, that stays true; this only gets old. A restart knows nothing until it is
 * confirmed anew; a state that a snapshot replaces counts until the new one is applied to.
 *
 * <p>What is assumed of clocks: this member's own one does not stand still or run slow while the process stands still.
 *
 * <p>Owned by {@link RaftCore}.
 */
public final class Freshness {
    /** What waits to be applied; of more, each replaces the one before. */
    private static final int MAX_CLAIMS = 64;

    private static final long UNKNOWN = -1;

    private final long incarnation;
    /** Ascending in both. Their indexes are not applied here. */
    private final Deque<Claim> claims = new ArrayDeque<>();
    /** The clock at this life's beginning; means nothing before {@link #advanceTo} was called. */
    private long originNanos;

    private boolean isBegun;
    /** Of this life, as all moments here. */
    private long nowNanos;
    /** The last moment that was said. */
    private long saidNanos = UNKNOWN;
    /** The newest moment of which anything is known. */
    private long learnedNanos = UNKNOWN;
    /** What the state that is read has applied. */
    private long appliedIndex;

    private long asOfNanos = UNKNOWN;

    /** A state that has applied the index is as of the moment, or younger. */
    private record Claim(long index, long nanos) {}

    Freshness(long incarnation, long appliedIndex) {
        Check.that(incarnation > 0, "incarnation %d", incarnation);
        this.incarnation = incarnation;
        this.appliedIndex = appliedIndex;
    }

    /** The clock of whoever drives this shows that much, or more by now. It may show anything at the beginning. */
    void advanceTo(long clockNanos) {
        if (!isBegun) {
            originNanos = clockNanos;
            isBegun = true;
        }
        nowNanos = Math.max(nowNanos, clockNanos - originNanos);
    }

    /** Now, to be said to the leader. */
    Moment moment() {
        if (!isBegun) {
            return Moment.NONE;
        }
        saidNanos = nowNanos;
        return new Moment(incarnation, nowNanos);
    }

    /** A leader confirmed that it led after the moment was made; then its commit index was at most this. */
    void confirmed(Moment moment, long index) {
        boolean isMine = moment.incarnation() == incarnation && moment.nanos() <= saidNanos;
        if (!isMine || moment.nanos() <= learnedNanos) {
            return;
        }
        learnedNanos = moment.nanos();
        while (!claims.isEmpty() && claims.peekLast().index() >= index) {
            claims.removeLast();
        }
        if (claims.size() == MAX_CLAIMS) {
            claims.removeLast();
        }
        claims.addLast(new Claim(index, moment.nanos()));
        applied(appliedIndex);
    }

    /** The state that is read here has applied the index. */
    void applied(long index) {
        appliedIndex = index;
        while (!claims.isEmpty() && claims.peekFirst().index() <= index) {
            asOfNanos = claims.removeFirst().nanos();
        }
    }

    /** As of when, by the driver's clock, the state is that is read here; empty while that is unknown. */
    public OptionalLong asOf() {
        return asOfNanos == UNKNOWN
                ? OptionalLong.empty()
                : OptionalLong.of(originNanos + asOfNanos);
    }

    /** Whether a quorum confirmed a leader at a moment that is at most so long ago, applied here or not. */
    public boolean isConfirmedWithin(long nanos) {
        return learnedNanos != UNKNOWN && nowNanos - learnedNanos <= nanos;
    }

    /**
     * Until when, by the driver's clock, the state may be read by whom it may be so old; empty if it is older or its
     * age unknown.
     */
    public OptionalLong until(long maxAgeNanos) {
        boolean isYoung = asOfNanos != UNKNOWN && nowNanos - asOfNanos <= maxAgeNanos;
        return isYoung
                ? OptionalLong.of(originNanos + asOfNanos + maxAgeNanos)
                : OptionalLong.empty();
    }
}
