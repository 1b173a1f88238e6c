package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.engine.EventTrace;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** A seed is a run: the same each time it is carried out, and another one for another seed. */
class SeedRunTest {
    private final Simulator simulator = Simulator.inMemory();

    @Test
    void aSeedGivesTheSameTraceEachTime() {
        for (long seed = 1; seed <= 10; seed++) {
            RunResult once = simulator.run(seed, EventTrace.unread());
            RunResult again = simulator.run(seed, EventTrace.unread());

            assertThat(again.traceHash()).as("seed %d", seed).isEqualTo(once.traceHash());
            assertThat(again.eventCount()).as("seed %d", seed).isEqualTo(once.eventCount());
        }
    }

    @Test
    void readingTheTraceChangesNothing() {
        List<String> lines = new ArrayList<>();
        EventTrace.Reader reader = new EventTrace.Reader() {
            @Override
            public void line(String line) {
                lines.add(line);
            }
        };

        RunResult read = simulator.run(3, new EventTrace(reader, EventTrace.Detail.LINES));

        assertThat(read.traceHash())
                .isEqualTo(simulator.run(3, EventTrace.unread()).traceHash());
        assertThat(lines).hasSizeGreaterThan((int) read.eventCount());
    }

    @Test
    void anotherSeedIsAnotherRun() {
        assertThat(simulator.run(1, EventTrace.unread()).traceHash())
                .isNotEqualTo(simulator.run(2, EventTrace.unread()).traceHash());
    }
}
