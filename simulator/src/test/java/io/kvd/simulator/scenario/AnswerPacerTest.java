package io.kvd.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class AnswerPacerTest {
    private static final long MILLI = 1_000_000;

    private final List<String> sent = new ArrayList<>();
    private final AnswerPacer pacer = new AnswerPacer(datagram -> sent.add(datagram.field("MID")));

    @Test
    void answersAboutOneKeyToOneClientAreKeptApartInTheirOrder() {
        pacer.run(0);
        pacer.send("k", answer("C000", "put"));
        pacer.send("k", answer("C000", "get"));
        pacer.send("k", answer("C000", "put again"));
        assertThat(sent).containsExactly("put");
        assertThat(pacer.nextWakeNanos()).isEqualTo(2 * MILLI);

        pacer.run(2 * MILLI);
        assertThat(sent).containsExactly("put", "get");
        pacer.run(4 * MILLI);

        assertThat(sent).containsExactly("put", "get", "put again");
        assertThat(pacer.nextWakeNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void otherAnswersGoAtOnce() {
        pacer.run(0);
        pacer.send("k", answer("C000", "a"));
        pacer.send("l", answer("C000", "other key"));
        pacer.send("k", answer("C001", "other client"));
        pacer.run(3 * MILLI);
        pacer.send("k", answer("C000", "later"));

        assertThat(sent).containsExactly("a", "other key", "other client", "later");
    }

    private static Datagram answer(String client, String mid) {
        return new Datagram("0000", client, "0000", "ok", Map.of("MID", mid));
    }
}
