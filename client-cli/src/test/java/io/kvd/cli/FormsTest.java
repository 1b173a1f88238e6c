package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** The small forms: JSON, tables, sizes, durations, encodings. */
class FormsTest {
    @Test
    void jsonPutsCommasWhereTheyBelong() {
        Json json = new Json().beginObject().field("a", 1).name("b").beginArray();
        json.value("x").value(2).beginObject().endObject().endArray().field("c", true);

        assertThat(json.endObject().toString())
                .isEqualTo("{\"a\":1,\"b\":[\"x\",2,{}],\"c\":true}");
    }

    @Test
    void jsonEscapesWhatMustNotStandInText() {
        assertThat(new Json().value("\"\\\n\u0001\u2028é😀").toString())
                .isEqualTo("\"\\\"\\\\\\n\\u0001\\u2028é😀\"");
    }

    @Test
    void tableColumnsAreAsWideAsTheirWidestCell() {
        Table table = new Table(Settings.Colour.OFF)
                .column("NAME", Table.Align.LEFT)
                .column("N", Table.Align.RIGHT)
                .column("NOTE", Table.Align.LEFT);
        table.row(List.of("é", "12345", "-"));

        assertThat(table.render()).isEqualTo("NAME      N  NOTE\né     12345  -\n");
    }

    @Test
    void sizesHaveOneDecimal() {
        assertThat(StatusReport.size(0)).isEqualTo("0 B");
        assertThat(StatusReport.size(1_023)).isEqualTo("1023 B");
        assertThat(StatusReport.size(1_024)).isEqualTo("1.0 KiB");
        assertThat(StatusReport.size(1_234_567)).isEqualTo("1.2 MiB");
        assertThat(StatusReport.size(3L << 40)).isEqualTo("3.0 TiB");
    }

    @Test
    void durationsHaveAUnit() {
        assertThat(Durations.parse("--timeout", "500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("--timeout", "5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(Durations.parse("--timeout", "1m")).isEqualTo(Duration.ofMinutes(1));
        for (String wrong : List.of("", "5", "s", "0s", "-1s", "1.5s", "12345678901ms", "5 s")) {
            assertThatThrownBy(() -> Durations.parse("--timeout", wrong))
                    .isInstanceOf(Failure.class);
        }
    }

    @Test
    void encodingsReadWhatTheyWrite() {
        Bytes bytes = Bytes.of(new byte[] {0, 127, -128, -1});
        for (Encoding encoding : List.of(Encoding.HEX, Encoding.BASE64)) {
            assertThat(encoding.decode(encoding.show(bytes))).isEqualTo(bytes);
        }
        assertThatThrownBy(() -> Encoding.HEX.decode("abc")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Encoding.BASE64.decode("a")).isInstanceOf(Failure.class);
    }

    @Test
    void plainTextForPeopleHasNoControlCharacters() {
        assertThat(Encoding.PLAIN.show(Bytes.utf8("a\u001b[31m\n"))).isEqualTo("a\ufffd[31m\\n");
        assertThat(Encoding.PLAIN.show(Bytes.of(new byte[] {-1}))).isEqualTo("0xff");
    }

    @Test
    void numbersOverTheRangeAreRefused() {
        assertThat(Numbers.parse("--rev", "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> Numbers.parse("--rev", "9223372036854775808"))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Numbers.parse("--rev", "")).isInstanceOf(Failure.class);
    }
}
