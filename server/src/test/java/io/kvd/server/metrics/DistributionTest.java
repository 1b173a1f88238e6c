package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class DistributionTest {
    private static final long SEED = 7;

    @Test
    void boundsHoldWhatIsAtMostAsLarge() {
        Distribution entries = Distribution.empty();
        entries.update(1);
        entries.update(2, 3);
        entries.update(64);
        entries.update(1_000_000);

        Distribution.Cumulative all = entries.cumulative(new long[] {1, 2, 63, 64, 4096});

        assertThat(all.atMost()).containsExactly(1, 4, 4, 5, 5);
        assertThat(all.count()).isEqualTo(6);
        assertThat(entries.getCount()).isEqualTo(6);
    }

    @Test
    void sumIsWithinOnePercent() {
        SplittableRandom random = new SplittableRandom(SEED);
        Distribution nanos = Distribution.empty();
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong(10_000_000);
            nanos.update(value);
            sum += value;
        }

        assertThat(nanos.cumulative(new long[0]).sum())
                .as("seed %d", SEED)
                .isCloseTo(sum, within(sum / 100));
    }
}
