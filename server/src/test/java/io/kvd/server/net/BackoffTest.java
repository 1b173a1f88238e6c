package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class BackoffTest {
    @Test
    void pausesGrowToTheBoundAndStartAnewAfterAReset() {
        Backoff backoff = new Backoff(20, 1_000, new SplittableRandom(1));

        for (int bound : new int[] {20, 40, 80, 160, 320, 640, 1_000, 1_000}) {
            assertThat(backoff.nextMs()).isBetween(bound / 2, bound);
        }
        backoff.reset();
        assertThat(backoff.nextMs()).isBetween(10, 20);
    }
}
