package io.kvd.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

class TimelineTest {
    private static final int SEEDS = 200;
    private static final int EVENTS = 200;
    /** Few, so that many events are of one moment. */
    private static final int MOMENTS = 50;

    private final Timeline timeline = new Timeline(EventTrace.unread());
    private final List<Integer> happened = new ArrayList<>();

    private final class Named extends Event {
        private final int name;
        private boolean stale;

        private Named(int name) {
            this.name = name;
        }

        @Override
        protected boolean isStale() {
            return stale;
        }

        @Override
        protected void happen() {
            happened.add(name);
        }

        @Override
        protected String kind() {
            return "named";
        }

        @Override
        protected long fingerprint() {
            return name;
        }

        @Override
        protected String describe() {
            return String.valueOf(name);
        }
    }

    @Test
    void anEventThatIsPlannedAgainHappensOnceAtItsLastMomentBehindThoseOfThatMoment() {
        Named moved = new Named(1);
        timeline.at(50, moved);
        timeline.at(20, new Named(2));
        timeline.at(10, moved);
        timeline.at(20, moved);
        runTo(100);
        assertThat(happened).containsExactly(2, 1);
        assertThat(moved.isPlanned()).isFalse();
    }

    @Test
    void whatIsStaleAtItsMomentIsDroppedWithoutATrace() {
        Named stale = new Named(1);
        timeline.at(10, stale);
        timeline.at(20, new Named(2));
        stale.stale = true;
        runTo(100);
        assertThat(happened).containsExactly(2);
        assertThat(timeline.trace().eventCount()).isEqualTo(1);
    }

    @Test
    void eventsHappenInTheOrderOfMomentAndPlanningHoweverTheyAreMoved() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            happensInOrder(seed);
        }
    }

    /** By a sorted list of what each event was planned for last. */
    private void happensInOrder(int seed) {
        record Plan(long atNanos, int number) {}
        happened.clear();
        SplittableRandom random = new SplittableRandom(seed);
        List<Named> events = new ArrayList<>();
        TreeMap<Integer, Plan> plans = new TreeMap<>();
        long begin = timeline.nowNanos() + 1;
        for (int number = 0; number < 3 * EVENTS; number++) {
            int name = random.nextInt(EVENTS);
            while (events.size() <= name) {
                events.add(new Named(events.size()));
            }
            long at = begin + random.nextInt(MOMENTS);
            timeline.at(at, events.get(name));
            plans.put(name, new Plan(at, number));
        }
        runTo(begin + MOMENTS);
        List<Integer> expected = new ArrayList<>(plans.keySet());
        expected.sort(Comparator.comparing(
                plans::get,
                Comparator.comparingLong(Plan::atNanos).thenComparingInt(Plan::number)));
        assertThat(happened).as("seed %d", seed).isEqualTo(expected);
    }

    private void runTo(long endNanos) {
        while (timeline.stepUntil(endNanos)) {
            // One event after the other.
        }
    }
}
