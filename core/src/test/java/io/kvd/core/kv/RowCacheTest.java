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

final class RowCacheTest {
    private static final int STEPS = 200_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 128, 1_000, 2_000, 10_000, 100_000, 10_000_000})
    void whatItKnowsIsWhatWasWrittenLast(long maxBytes) {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RowCache cache = new RowCache(maxBytes);
        TreeMap<Bytes, RowCache.Row> model = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            Bytes key = key(random.nextInt(500));
            switch (random.nextInt(10)) {
                case 0 -> {
                    cache.remove(key);
                    model.remove(key);
                }
                case 1, 2, 3 -> {
                    RowCache.Row row = row(step, random.nextInt(300));
                    cache.put(key, row);
                    model.put(key, row);
                }
                default -> {
                    Optional<RowCache.Row> known = cache.get(key);
                    if (known.isPresent()) {
                        assertThat(known.get()).isEqualTo(model.get(key));
                    }
                }
            }
        }
    }

    @Test
    void theRowsThatWereWrittenLastAreKnown() {
        RowCache cache = new RowCache(1 << 20);
        for (int i = 0; i < 100_000; i++) {
            cache.put(key(i), row(i, 200));
        }

        // A record of 240 bytes in units of 16; the segment that is written to has forgotten what
        // was there.
        assertThat(IntStream.range(96_500, 100_000)
                        .filter(i -> cache.get(key(i)).isEmpty()))
                .as("rows that lost their place to others of the same hash")
                .hasSizeLessThan(35);
        assertThat(IntStream.range(0, 95_000).filter(i -> cache.get(key(i)).isPresent()))
                .isEmpty();
    }

    @Test
    void aRowThatIsTooLargeIsForgottenNotKeptAsItWas() {
        RowCache cache = new RowCache(1 << 20);
        cache.put(key(1), row(1, 10));

        cache.put(key(1), row(2, RowCache.MAX_SEGMENT_BYTES));

        assertThat(cache.get(key(1))).isEmpty();
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key-" + number);
    }

    private static RowCache.Row row(int seed, int length) {
        byte[] encoded = new byte[length];
        new Random(seed).nextBytes(encoded);
        return new RowCache.Row(Bytes.of(encoded), new Hash128(seed, ~seed));
    }
}
