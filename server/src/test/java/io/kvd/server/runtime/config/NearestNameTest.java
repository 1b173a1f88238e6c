package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class NearestNameTest {

    @ParameterizedTest
    @CsvSource({
        "abc, abc, 0",
        "abc, acb, 1",
        "abc, ab, 1",
        "abc, abxc, 1",
        "abc, xbc, 1",
        "'', abc, 3",
        "ca, abc, 3"
    })
    void countsInsertionsOmissionsReplacementsAndSwaps(String left, String right, int distance) {
        assertThat(NearestName.distance(left, right)).isEqualTo(distance);
        assertThat(NearestName.distance(right, left)).isEqualTo(distance);
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        List<String> names = List.of("raft.heartbeat", "node.data-dir");

        assertThat(NearestName.of("data-dri", names, '.')).contains("node.data-dir");
        assertThat(NearestName.of("raft.hearbeat", names, '.')).contains("raft.heartbeat");
        assertThat(NearestName.of("something.else", names, '.')).isEmpty();
    }
}
