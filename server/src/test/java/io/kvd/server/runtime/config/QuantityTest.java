package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    private static final Quantity DURATION = Quantity.duration("10 ms", "1 h");
    private static final Quantity SIZE = Quantity.size("1 B", "1 TiB");

    @ParameterizedTest
    @CsvSource({
        "100ms, 100, 100 ms",
        "' 100 ms ', 100, 100 ms",
        "1s, 1000, 1 s",
        "1.5 s, 1500, 1500 ms",
        "2m, 120000, 2 m",
        "60 m, 3600000, 1 h",
    })
    void readsDurations(String text, long millis, String printed) {
        assertThat(DURATION.parse(text)).isEqualTo(millis);
        assertThat(DURATION.print(millis)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "1B, 1, 1 B",
        "1.5 MiB, 1572864, 1536 KiB",
        "64KiB, 65536, 64 KiB",
        "1 TiB, 1099511627776, 1 TiB"
    })
    void readsSizes(String text, long bytes, String printed) {
        assertThat(SIZE.parse(text)).isEqualTo(bytes);
        assertThat(SIZE.print(bytes)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "100, no unit",
        "fast, not a duration",
        "-5 s, not a duration",
        "+5 s, not a duration",
        "1e3 ms, not a duration",
        "'', not a duration",
        "5 sec, not one of its units",
        "5 S, not one of its units",
        "9 ms, outside 10 ms to 1 h",
        "0 s, outside",
        "61 m, outside",
        "999999999999999999 h, outside",
        "9999999999999999999 h, not a duration",
        "10.5 ms, not a whole number of ms",
    })
    void refusesWhatIsNoDurationAndSaysWhy(String text, String why) {
        assertThatThrownBy(() -> DURATION.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "64, no unit",
        "64 MB, not one of its units",
        "64M, not one of its units",
        "0.5 B, outside"
    })
    void refusesWhatIsNoSizeAndSaysWhy(String text, String why) {
        assertThatThrownBy(() -> SIZE.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
