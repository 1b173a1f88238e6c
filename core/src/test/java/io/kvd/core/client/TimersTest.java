package io.kvd.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class TimersTest {
    private static final class Bell extends Timer {}

    @Test
    void timersFireInTheOrderOfTheirTimesWhateverHappensInBetween() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Timers timers = new Timers();
            List<Bell> set = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (set.isEmpty() || random.nextInt(3) > 0) {
                    Bell bell = set.isEmpty() || random.nextInt(4) > 0
                            ? new Bell()
                            : set.remove(random.nextInt(set.size()));
                    timers.set(bell, random.nextInt(1_000));
                    set.add(bell);
                } else {
                    timers.cancel(set.remove(random.nextInt(set.size())));
                }
            }
            set.sort(Comparator.comparingLong(bell -> bell.wakeNanos));

            List<Long> fired = new ArrayList<>();
            for (Optional<Timer> due = timers.pollDue(1_000);
                    due.isPresent();
                    due = timers.pollDue(1_000)) {
                fired.add(due.get().wakeNanos);
            }

            assertThat(fired)
                    .as("seed %d", seed)
                    .isEqualTo(set.stream().map(bell -> bell.wakeNanos).toList());
        }
    }

    @Test
    void timesAreComparedAcrossTheEndOfTheClock() {
        Timers timers = new Timers();
        Bell early = new Bell();
        Bell late = new Bell();
        timers.set(late, Long.MIN_VALUE + 5);
        timers.set(early, Long.MAX_VALUE - 5);

        assertThat(timers.nanosUntilNext(Long.MAX_VALUE - 10)).isEqualTo(5);
        assertThat(timers.pollDue(Long.MAX_VALUE - 5)).containsSame(early);
        assertThat(timers.pollDue(Long.MAX_VALUE)).isEmpty();
        assertThat(timers.pollDue(Long.MIN_VALUE + 5)).containsSame(late);
    }

    @Test
    void withoutTimersNothingIsDue() {
        Timers timers = new Timers();
        timers.cancel(new Bell());

        assertThat(timers.nanosUntilNext(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(timers.pollDue(Long.MAX_VALUE)).isEmpty();
    }
}
