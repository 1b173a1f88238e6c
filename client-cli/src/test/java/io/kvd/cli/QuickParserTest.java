package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Help.Ansi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class QuickParserTest {
    private static final List<String> WORDS = List.of(
            "put",
            "get",
            "ls",
            "cas",
            "count",
            "ping",
            "a",
            "b",
            "-",
            "--",
            "-e",
            "--endpoints",
            "--endpoints=n1:1",
            "n2:2",
            "-o",
            "json",
            "--output=table",
            "--timeout",
            "5s",
            "-q",
            "-v",
            "--hex",
            "--rev",
            "7",
            "--rev=8",
            "--limit",
            "--keys-only",
            "--prefix",
            "--prefix=",
            "-oq",
            "-qv",
            "--nonsense",
            "--",
            "@file",
            "-5",
            "",
            "--hex=true",
            "-h",
            "--help");

    @Test
    void plainLinesAreUnderstood() {
        for (String line : List.of(
                "put k v",
                "get k",
                "-e n1:1 get k -o json",
                "get --output=json k",
                "cas k v --rev 3",
                "put -- -k --v",
                "ls",
                "ls u/ --keys-only")) {
            assertThat(QuickParser.parse(List.of(line.split(" ")))).as(line).isPresent();
        }
    }

    @Test
    void everythingElseIsLeftToPicocli() {
        for (String line : List.of(
                "",
                "put",
                "put k",
                "put k v w",
                "cas k v",
                "get k --rev 3",
                "get k -h",
                "nope",
                "get -5",
                "get k -qv",
                "get k --timeout",
                "get k --timeout -q",
                "-o json",
                "get k -q -q",
                "get k --hex=true")) {
            assertThat(QuickParser.parse(List.of(line.split(" ")))).as(line).isEmpty();
        }
    }

    /** Random lines over words that have tripped parsers before. */
    @Test
    void whatItUnderstandsPicocliUnderstandsAlike() {
        SplittableRandom random = new SplittableRandom(17);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> line = new ArrayList<>();
            for (int words = random.nextInt(1, 7); words > 0; words--) {
                line.add(WORDS.get(random.nextInt(WORDS.size())));
            }
            Optional<Arguments> quick = QuickParser.parse(line);
            if (quick.isPresent()) {
                understood++;
                assertThat(describe(PicocliParser.parse(line, Ansi.OFF)))
                        .as("%s", line)
                        .isEqualTo(describe(quick.get()));
            }
        }
        assertThat(understood).isGreaterThan(200);
    }

    private static String describe(PicocliParser.Parsed parsed) {
        return parsed instanceof PicocliParser.Parsed.Line line
                ? describe(line.arguments())
                : parsed.toString();
    }

    private static String describe(Arguments arguments) {
        StringBuilder text = new StringBuilder(arguments.command().usage().name());
        for (int i = 0; i < arguments.parameterCount(); i++) {
            text.append(" '").append(arguments.parameter(i)).append('\'');
        }
        List<Usage.Option> options = new ArrayList<>(Usage.GLOBAL_OPTIONS);
        options.addAll(arguments.command().usage().options());
        for (Usage.Option option : options) {
            if (arguments.has(option.name())) {
                text.append(' ')
                        .append(option.name())
                        .append('=')
                        .append(arguments.option(option.name()));
            }
        }
        return text.toString();
    }
}
