package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Hash128;

import org.junit.jupiter.api.Test;

class HashHistoryTest {
    private static final long FIRST = 5_000;

    @Test
    void knowsTheIndexItBeganWithAndNothingBefore() {
        HashHistory history = new HashHistory(FIRST, hash(FIRST));

        assertThat(history.at(FIRST)).contains(hash(FIRST));
        assertThat(history.at(FIRST - 1)).isEmpty();
        assertThat(history.at(FIRST + 1)).isEmpty();
    }

    @Test
    void knowsTheLastIndexesAllAndOlderOnesByTheStep() {
        HashHistory history = new HashHistory(FIRST, hash(FIRST));
        long last = FIRST + 10_000;
        for (long index = FIRST + 1; index <= last; index++) {
            history.put(index, hash(index));
        }

        for (long index = FIRST; index <= last; index++) {
            boolean known = index > last - HashHistory.RECENT_INDEXES
                    || index % HashHistory.SPARSE_STEP == 0;
            assertThat(history.at(index).isPresent()).as("index %d", index).isEqualTo(known);
            history.at(index).ifPresent(hash -> assertThat(hash.low()).isPositive());
        }
        assertThat(history.at(last)).contains(hash(last));
        assertThat(history.at(6_144)).contains(hash(6_144));
    }

    @Test
    void forgetsTheOldestOfTheSparseOnes() {
        HashHistory history = new HashHistory(0, hash(0));
        long last = (long) HashHistory.SPARSE_STEP * HashHistory.SPARSE_INDEXES;
        for (long index = HashHistory.SPARSE_STEP;
                index <= last;
                index += HashHistory.SPARSE_STEP) {
            history.put(index, hash(index));
        }

        assertThat(history.at(0)).isEmpty();
        assertThat(history.at(HashHistory.SPARSE_STEP)).isPresent();
    }

    private static Hash128 hash(long index) {
        return new Hash128(0, index);
    }
}
