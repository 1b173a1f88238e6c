package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class LatenciesTest {
    private static final long SEED = 5;

    private final Latencies latencies = new Latencies();

    @Test
    void smallNumbersAreExact() {
        for (int micros = 1; micros <= 50; micros++) {
            latencies.add(micros);
        }

        assertThat(latencies.exceededByMicros(0.5)).isEqualTo(25);
        assertThat(latencies.exceededByMicros(0.02)).isEqualTo(49);
        assertThat(latencies.exceededByMicros(0.01)).isEqualTo(50);
        assertThat(latencies.count()).isEqualTo(50);
    }

    @Test
    void percentilesAreAtMostThreePercentTooLarge() {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] all = new long[10_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = random.nextLong(1L << random.nextInt(1, 40));
            latencies.add(all[i]);
        }
        Arrays.sort(all);

        for (double share : new double[] {0, 0.001, 0.01, 0.1, 0.5, 0.9}) {
            long exact = all[all.length - 1 - (int) (all.length * share)];
            assertThat(latencies.exceededByMicros(share))
                    .as("seed %d, share %s", SEED, share)
                    .isBetween(exact, exact + exact / 31 + 1);
        }
        assertThat(latencies.maxMicros()).isEqualTo(all[all.length - 1]);
    }

    @Test
    void largestOfAllNumbersHasAClassToo() {
        latencies.add(Long.MAX_VALUE);

        assertThat(latencies.exceededByMicros(0.01)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void nothingIsExceededByNothing() {
        assertThat(latencies.exceededByMicros(0.01)).isZero();
    }
}
