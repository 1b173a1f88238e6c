package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.codahale.metrics.Snapshot;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HdrReservoirTest {
    private final HdrReservoir reservoir = new HdrReservoir();

    @Test
    void oneSlowValueAmongTenThousandIsSeen() {
        for (int i = 0; i < 10_000; i++) {
            reservoir.update(1_000);
        }
        reservoir.update(5_000_000);

        Snapshot snapshot = reservoir.getSnapshot();

        assertThat(snapshot.getValue(0.5)).isCloseTo(1_000, within(10.0));
        assertThat(snapshot.getMax()).isBetween(5_000_000L, 5_050_000L);
    }

    @Test
    void snapshotForgetsAfterAMinuteAndTheTotalNever() {
        reservoir.update(7, 3);
        for (int tensOfSeconds = 0; tensOfSeconds < 5; tensOfSeconds++) {
            reservoir.advance();
        }
        assertThat(reservoir.getSnapshot().size()).isEqualTo(3);

        reservoir.advance();

        assertThat(reservoir.getSnapshot().size()).isZero();
        assertThat(total()).isEqualTo(3);
    }

    @Test
    void readingTakesNothingAwayFromTheNextReader() {
        reservoir.update(42);

        assertThat(reservoir.getSnapshot().size()).isEqualTo(1);
        assertThat(reservoir.getSnapshot().size()).isEqualTo(1);
        assertThat(total()).isEqualTo(1);
    }

    @Test
    void valuesOutsideTheRangeCountAtItsEnds() {
        reservoir.update(-1);
        reservoir.update(Long.MAX_VALUE);

        assertThat(reservoir.getSnapshot().getMin()).isZero();
        assertThat(total()).isEqualTo(2);
    }

    private long total() {
        return reservoir.cumulative(Histogram::getTotalCount);
    }
}
