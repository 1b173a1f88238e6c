package io.kvd.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class RequestsTest {
    private static final int DRAWS = 20_000;
    private static final Values VALUES = new Values(16, 1);

    @Test
    void mixedWorkloadHasItsSharesOfOperations() {
        Map<Operation, Integer> counts = new EnumMap<>(Operation.class);

        requests(Workload.YCSB_B, 7).forEach(r -> counts.merge(r.operation(), 1, Integer::sum));

        assertThat(counts).containsOnlyKeys(Operation.READ, Operation.UPDATE);
        assertThat(counts.get(Operation.UPDATE)).isBetween(DRAWS * 4 / 100, DRAWS * 6 / 100);
    }

    @Test
    void sameSeedGivesTheSameRequests() {
        assertThat(requests(Workload.YCSB_F, 7)).isEqualTo(requests(Workload.YCSB_F, 7));
        assertThat(requests(Workload.YCSB_F, 7)).isNotEqualTo(requests(Workload.YCSB_F, 8));
    }

    @Test
    void onlyWhatWritesHasAValueAndOnlyScansHaveRows() {
        for (Workload workload : Workload.values()) {
            for (Request request : requests(workload, 7)) {
                assertThat(request.value().length())
                        .isEqualTo(request.operation().writes() ? 16 : 0);
                assertThat(request.rows())
                        .isBetween(
                                request.operation() == Operation.SCAN ? 1 : 0,
                                request.operation() == Operation.SCAN ? Requests.MAX_SCAN_ROWS : 0);
            }
        }
    }

    @Test
    void insertsTakeKeysThatAreNotThereEachOnce() {
        List<Long> inserted = requests(Workload.YCSB_D, 7).stream()
                .filter(request -> request.operation() == Operation.INSERT)
                .map(Request::number)
                .toList();

        assertThat(inserted).isNotEmpty().doesNotHaveDuplicates().allMatch(number -> number >= 100);
    }

    @Test
    void loadersTogetherPutEveryKey() {
        List<Requests> loaders = Requests.loading(new KeySpace(10), VALUES, 3);

        List<Long> numbers = IntStream.range(0, 10)
                .mapToObj(i -> loaders.get(i % 3).next().number())
                .toList();
        assertThat(numbers).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(loaders.get(0).next().number()).isEqualTo(9);
    }

    private static List<Request> requests(Workload workload, long seed) {
        Step step = new Step(workload, workload.keyChoice(), new Load.InFlight(1));
        Requests requests = Requests.of(step, new KeySpace(100), VALUES, seed).get(0);
        return IntStream.range(0, DRAWS).mapToObj(i -> requests.next()).toList();
    }
}
