package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

class RepeatLimitTest {
    private final RepeatLimit limit = new RepeatLimit();

    @Test
    void countsWhatItKeptBack() {
        assertThat(limit.admit("a", 0)).hasValue(0);
        assertThat(limit.admit("a", 1)).isEmpty();
        assertThat(limit.admit("b", 1)).hasValue(0);
        assertThat(limit.admit("a", 2)).isEmpty();
        assertThat(limit.admit("a", RepeatLimit.QUIET_NANOS)).hasValue(2);
        assertThat(limit.admit("a", RepeatLimit.QUIET_NANOS + 1)).isEmpty();
    }

    @Test
    void forgetsTheOldestSubjectWhenThereAreTooMany() {
        for (int subject = 0; subject <= RepeatLimit.MAX_SUBJECTS; subject++) {
            assertThat(limit.admit(subject, 0)).hasValue(0);
        }

        assertThat(limit.admit(RepeatLimit.MAX_SUBJECTS, 1)).isEqualTo(OptionalLong.empty());
        assertThat(limit.admit(0, 1)).hasValue(0);
    }
}
