package io.kvd.core.raft;

/**
 * What a leader can tell one member, perhaps itself, of the age of what that member knows: the newest of its moments
 * that came before a round which a quorum then confirmed. So whatever anybody was told of before the moment was made is
 * at or below the leader's commit index (thesis §6.4).
 *
 * <p>One moment at a time waits for its round; those that come meanwhile wait for a later one.
 */
final class Echo {
    private Moment newest = Moment.NONE;
    /** Came before the round {@code askedRound} began; NONE while no moment waits. */
    private Moment asked = Moment.NONE;

    private long askedRound;
    private Moment confirmed = Moment.NONE;

    /** The member said this; perhaps long ago, or in an earlier life. */
    void said(Moment moment) {
        newest = moment.compareTo(newest) > 0 ? moment : newest;
    }

    void roundBegun(long round) {
        if (asked.equals(Moment.NONE) && newest.compareTo(confirmed) > 0) {
            asked = newest;
            askedRound = round;
        }
    }

    /** A quorum answered all rounds up to this one. */
    void roundsConfirmed(long round) {
        if (!asked.equals(Moment.NONE) && askedRound <= round) {
            confirmed = asked;
            asked = Moment.NONE;
        }
    }

    Moment confirmed() {
        return confirmed;
    }
}
