package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

class DatagramTest {
    private static final String ENVELOPE =
            "\"src\":\"00A0\",\"dst\":\"FFFF\",\"leader\":\"00a1\",\"type\":\"put\"";

    @Test
    void anyDatagramIsReadBackAsItWas() {
        long seed = 20;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            Map<String, String> fields = new TreeMap<>();
            for (int f = random.nextInt(5); f > 0; f--) {
                fields.put("f" + f + text(random), text(random));
            }
            Datagram datagram = new Datagram("0000", "FFFE", "FFFF", text(random), fields);

            assertThat(Datagram.decode(datagram.encode())).as("seed %d", seed).hasValue(datagram);
        }
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> "\"\\/{}[]:,".charAt(random.nextInt(9));
                        case 2 -> 0x1F300 + random.nextInt(100);
                        default -> 0x20 + random.nextInt(0x5f);
                    });
        }
        return text.toString();
    }

    @Test
    void formsThatOthersWriteAreRead() {
        String spaced = " {\t\"MID\" : \"\\u0041\\n\\/\\\"\" , " + ENVELOPE + "\r\n} ";

        assertThat(Datagram.decode(spaced))
                .hasValue(new Datagram("00A0", "FFFF", "00a1", "put", Map.of("MID", "A\n/\"")));
    }

    @Test
    void fieldsThatAreNoTextAreNoneOfOurs() {
        String other = "{\"n\":-1.5e3,\"b\":true,\"z\":null,\"l\":[1,{\"a\":[]}]," + ENVELOPE + "}";

        assertThat(Datagram.decode(other))
                .hasValue(new Datagram("00A0", "FFFF", "00a1", "put", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"text\"",
                "{}",
                "{" + ENVELOPE,
                "{" + ENVELOPE + ",}",
                "{" + ENVELOPE + "}}",
                "{" + ENVELOPE + ",\"src\":\"0001\"}",
                "{" + ENVELOPE + ",\"a\":01}",
                "{" + ENVELOPE + ",\"a\":.5}",
                "{" + ENVELOPE + ",\"a\":+5}",
                "{" + ENVELOPE + ",\"a\":tru}",
                "{" + ENVELOPE + ",\"a\":\"\n\"}",
                "{" + ENVELOPE + ",\"a\":\"\\x\"}",
                "{" + ENVELOPE + ",\"a\":\"\\u00g0\"}",
                "{" + ENVELOPE + ",\"a\":\"\\u00",
                "{" + ENVELOPE + ",'a':1}",
                "{" + ENVELOPE + ",\"a\":[[[[[[[[1]]]]]]]]}",
                "{\"src\":\"0A0\",\"dst\":\"FFFF\",\"leader\":\"FFFF\",\"type\":\"get\"}",
                "{\"src\":\"00G0\",\"dst\":\"FFFF\",\"leader\":\"FFFF\",\"type\":\"get\"}",
                "{\"src\":\"0000\",\"dst\":\"FFFF\",\"type\":\"get\"}",
                "{\"src\":1,\"dst\":\"FFFF\",\"leader\":\"FFFF\",\"type\":\"get\"}"
            })
    void whatIsNoMessageOfTheProtocolIsNotRead(String text) {
        assertThat(Datagram.decode(text)).isEmpty();
    }
}
