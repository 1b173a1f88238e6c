package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.Arrays;

/**
 * Majority arithmetic: what more than half of a set of voters have reached or said. Knows no Raft.
 */
final class Quorum {
    /** How a ballot stands. */
    enum VoteResult {
        PENDING,
        WON,
        LOST
    }

    private Quorum() {}

    /** The smallest number of voters of which any two sets have a member in common. */
    static int majority(int voters) {
        return voters / 2 + 1;
    }

    /**
     * The largest value that a majority has reached, given what each voter has reached, one element
     * a voter. Serves for match indexes, read rounds and times of contact alike. Sorts the array.
     */
    static long commitIndex(long[] acked) {
        Check.that(acked.length > 0, "no voters");
        Arrays.sort(acked);
        return acked[acked.length - majority(acked.length)];
    }

    /** LOST as soon as those who did not refuse are no majority. */
    static VoteResult voteResult(int voters, int granted, int refused) {
        Check.that(
                granted >= 0 && refused >= 0 && granted + refused <= voters,
                "%d granted and %d refused of %d votes",
                granted,
                refused,
                voters);
        if (granted >= majority(voters)) {
            return VoteResult.WON;
        }
        return voters - refused < majority(voters) ? VoteResult.LOST : VoteResult.PENDING;
    }
}
