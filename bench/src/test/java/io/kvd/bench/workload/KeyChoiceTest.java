package io.kvd.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class KeyChoiceTest {
    private static final int KEYS = 1_000;
    private static final int DRAWS = 200_000;
    private static final long SEED = 1;

    private final KeySpace keys = new KeySpace(KEYS);

    @Test
    void uniformChoosesEveryKeyAboutEquallyOften() {
        int[] counts = draw(KeyChoice.UNIFORM);

        assertThat(Arrays.stream(counts).min().getAsInt()).isGreaterThan(DRAWS / KEYS / 2);
        assertThat(Arrays.stream(counts).max().getAsInt()).isLessThan(DRAWS / KEYS * 2);
    }

    /** The ten most frequent ranks of 1,000 have zeta(10) / zeta(1000) of all draws: 2.96 of 7.73. */
    @Test
    void zipfianChoosesTheTenMostFrequentKeysForThreeEighthsOfAllRequests() {
        int[] counts = draw(KeyChoice.ZIPFIAN);

        int[] sorted = IntStream.of(counts).sorted().toArray();
        double ten = IntStream.of(sorted).skip(KEYS - 10).sum() / (double) DRAWS;
        assertThat(ten).isBetween(0.36, 0.41);
    }

    @Test
    void zipfianScattersItsFrequentKeysOverAllKeys() {
        int[] counts = draw(KeyChoice.ZIPFIAN);

        int[] tenMostFrequent = IntStream.range(0, KEYS)
                .boxed()
                .sorted(Comparator.comparing(key -> -counts[key]))
                .limit(10)
                .mapToInt(key -> key)
                .toArray();
        assertThat(Arrays.stream(tenMostFrequent).max().getAsInt()
                        - Arrays.stream(tenMostFrequent).min().getAsInt())
                .isGreaterThan(KEYS / 2);
    }

    @Test
    void latestChoosesTheNewestKeyMostOften() {
        int[] before = draw(KeyChoice.LATEST);
        long inserted = keys.claim();
        keys.inserted(inserted);
        int[] after = draw(KeyChoice.LATEST);

        assertThat(mostFrequent(before)).isEqualTo(KEYS - 1);
        assertThat(mostFrequent(after)).isEqualTo(KEYS);
    }

    @Test
    void keyBehindAnInsertThatIsUnderWayIsNotChosenYet() {
        long first = keys.claim();
        long second = keys.claim();

        keys.inserted(second);
        assertThat(keys.size()).isEqualTo(KEYS);
        keys.inserted(first);
        assertThat(keys.size()).isEqualTo(KEYS + 2);
    }

    @Test
    void keysAreOfOneLengthAndOrderedAsTheirNumbers() {
        assertThat(KeySpace.key(42).toUtf8()).isEqualTo("key-0000000042");
        assertThat(KeySpace.key(99)).isLessThan(KeySpace.key(100));
    }

    private int[] draw(KeyChoice choice) {
        int[] counts = new int[KEYS + 2];
        KeyChoice.Chooser chooser = choice.of(keys);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) chooser.next(random)]++;
        }
        return Arrays.copyOf(counts, (int) keys.size());
    }

    private static int mostFrequent(int[] counts) {
        return IntStream.range(0, counts.length)
                .boxed()
                .max(Comparator.comparing(key -> counts[key]))
                .orElseThrow();
    }
}
