package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

final class RowHeadsTest {
    private static final int STEPS = 200_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 128, 1_000, 2_000, 10_000, 100_000, 10_000_000})
    void whatItKnowsIsWhatWasWrittenLast(long maxBytes) {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RowHeads cache = new RowHeads(maxBytes);
        TreeMap<Bytes, RowHead> model = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            Bytes key = key(random.nextInt(500));
            switch (random.nextInt(10)) {
                case 0 -> {
                    cache.remove(key);
                    model.remove(key);
                }
                case 1, 2, 3 -> {
                    RowHead head = head(step);
                    cache.put(key, head);
                    model.put(key, head);
                }
                default -> {
                    Optional<RowHead> known = cache.get(key);
                    if (known.isPresent()) {
                        assertThat(known.get()).isEqualTo(model.get(key));
                    }
                }
            }
        }
    }

    @Test
    void theRowsThatWereWrittenLastAreKnown() {
        RowHeads cache = new RowHeads(1 << 20);
        for (int i = 0; i < 100_000; i++) {
            cache.put(key(i), head(i));
        }

        // Records of 62 bytes in units of 16; the segment that is written to has forgotten what was
        // there.
        assertThat(IntStream.range(91_000, 100_000)
                        .filter(i -> cache.get(key(i)).isEmpty()))
                .as("rows that lost their place to others of the same hash")
                .hasSizeLessThan(450);
        assertThat(IntStream.range(0, 85_000).filter(i -> cache.get(key(i)).isPresent()))
                .isEmpty();
    }

    @Test
    void aRowThatIsWrittenAgainTakesNoMoreRoom() {
        RowHeads cache = new RowHeads(1 << 20);
        for (int i = 0; i < 1_000_000; i++) {
            cache.put(key(i % 5_000), head(i));
        }

        assertThat(IntStream.range(0, 5_000).filter(i -> cache.get(key(i)).isEmpty()))
                .as("rows that lost their place to others of the same hash")
                .hasSizeLessThan(50);
    }

    @Test
    void aKeyThatIsTooLongIsNotKnown() {
        RowHeads cache = new RowHeads(1 << 20);
        Bytes longest = Bytes.of(new byte[RowHeads.MAX_SEGMENT_BYTES]);

        cache.put(longest, head(1));
        cache.remove(longest);

        assertThat(cache.get(longest)).isEmpty();
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key-" + number);
    }

    private static RowHead head(int seed) {
        return new RowHead(
                new KeyRevisions(seed, seed + 1L, seed + 2L, seed + 3L), new Hash128(seed, ~seed));
    }
}
