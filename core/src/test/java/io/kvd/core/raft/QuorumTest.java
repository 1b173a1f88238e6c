package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class QuorumTest {
    @Test
    void anyTwoMajoritiesShareAMember() {
        for (int voters = 1; voters <= 50; voters++) {
            assertThat(2 * Quorum.majority(voters)).isGreaterThan(voters);
            assertThat(2 * (Quorum.majority(voters) - 1)).isLessThanOrEqualTo(voters);
        }
    }

    @Test
    void commitIndexOfAFewVoters() {
        assertThat(Quorum.commitIndex(new long[] {7})).isEqualTo(7);
        assertThat(Quorum.commitIndex(new long[] {7, 3})).isEqualTo(3);
        assertThat(Quorum.commitIndex(new long[] {7, 0, 3})).isEqualTo(3);
        assertThat(Quorum.commitIndex(new long[] {7, 1, 5, 3})).isEqualTo(3);
        assertThat(Quorum.commitIndex(new long[] {1, 9, 5, 5, 0})).isEqualTo(5);
        assertThatThrownBy(() -> Quorum.commitIndex(new long[0]))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void commitIndexIsWhatANaiveCountFinds() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 5_000; i++) {
            long[] acked = random.longs(1 + random.nextInt(9), 0, 12).toArray();

            assertThat(Quorum.commitIndex(acked.clone()))
                    .as("%s", Arrays.toString(acked))
                    .isEqualTo(naiveCommitIndex(acked));
        }
    }

    @Test
    void voteIsDecidedAsSoonAsItCanBe() {
        for (int voters = 1; voters <= 9; voters++) {
            for (int granted = 0; granted <= voters; granted++) {
                for (int refused = 0; granted + refused <= voters; refused++) {
                    Quorum.VoteResult expected = Quorum.VoteResult.PENDING;
                    if (2 * granted > voters) {
                        expected = Quorum.VoteResult.WON;
                    } else if (2 * (voters - refused) <= voters) {
                        expected = Quorum.VoteResult.LOST;
                    }
                    assertThat(Quorum.voteResult(voters, granted, refused))
                            .as("%d: %d for, %d against", voters, granted, refused)
                            .isEqualTo(expected);
                }
            }
        }
        assertThatThrownBy(() -> Quorum.voteResult(3, 2, 2)).isInstanceOf(InvariantViolation.class);
    }

    private static long naiveCommitIndex(long[] acked) {
        long index = Arrays.stream(acked).min().orElseThrow();
        while (true) {
            long next = index + 1;
            if (2 * Arrays.stream(acked).filter(value -> value >= next).count() <= acked.length) {
                return index;
            }
            index = next;
        }
    }
}
