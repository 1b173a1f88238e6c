package io.kvd.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation.Expected;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

class HistoryReaderTest {
    private static final Bytes KEY = Bytes.utf8("naïve \"key\"\n");
    private static final Bytes RAW = Bytes.of(new byte[] {(byte) 0xff, 0, 1});

    @Test
    void everyOperationAndOutcomeIsReadAsItWasWritten() throws Exception {
        List<Response> parts = List.of(new Response.Absent(), new Response.Written(9));
        Operation batch = new Operation.Batch(
                List.of(new Operation.Get(KEY), new Operation.Append(RAW, KEY)));
        Response rows = new Response.Rows(List.of(new Response.Row(RAW, KEY, 4)), true);
        List<Invocation> history = List.of(
                ok(new Operation.Get(KEY), new Response.Absent()),
                ok(new Operation.Get(RAW), new Response.Found(RAW, 7)),
                ok(new Operation.Put(KEY, RAW), new Response.Written(8)),
                ok(new Operation.Append(KEY, RAW), new Response.Written(Response.NOT_TOLD)),
                ok(new Operation.Delete(KEY), new Response.Deleted(true, 3)),
                ok(new Operation.Delete(KEY), new Response.Deleted(false, Response.NOT_TOLD)),
                ok(cas(new Expected.Revision(3)), new Response.Compared(false, 0)),
                ok(cas(new Expected.Value(RAW)), new Response.Compared(true, 5)),
                ok(new Operation.Range(KEY, Bytes.EMPTY), rows),
                ok(batch, new Response.Batched(parts)),
                new Invocation(2, batch, 5, new Invocation.Failed(6)),
                new Invocation(-3, batch, 5, new Invocation.Unknown(6)),
                new Invocation(4, batch, 5, new Invocation.Unknown(Long.MAX_VALUE)));
        StringBuilder file = new StringBuilder();

        JsonHistory.write(history, file);

        assertThat(read(file.toString())).isEqualTo(history);
        assertThat(file.toString().lines())
                .hasSameSizeAs(history)
                .contains("{\"client\":1,\"op\":\"get\",\"key64\":\"/wAB\",\"call\":5,\"return\":6,"
                        + "\"status\":\"ok\",\"result\":{\"value64\":\"/wAB\",\"revision\":7}}");
    }

    @Test
    void eventLogIsToldApartAndKeepsTheOrderOfItsLines() throws Exception {
        String log = """
                {:process 0, :type :invoke, :f :append, :key "0", :value "x"}
                {:process 1, :type :invoke, :f :get, :key "0", :value nil}
                {:process 0, :type :ok, :f :append, :key "0", :value "x"}
                {:process 1, :type :ok, :f :get, :key "0", :value ""}
                {:process 1, :type :invoke, :f :put, :key "0", :value "y"}
                {:process 0, :type :invoke, :f :put, :key "0", :value "z"}
                {:process 1, :type :fail, :f :put, :key "0", :value "y"}
                {:process 0, :type :info, :f :put, :key "0", :value "z"}
                """;

        List<Invocation> history = read(log);

        Bytes key = Bytes.utf8("0");
        assertThat(history)
                .containsExactly(
                        new Invocation(
                                0,
                                new Operation.Append(key, Bytes.utf8("x")),
                                1,
                                new Invocation.Ok(new Response.Written(Response.NOT_TOLD), 3)),
                        new Invocation(
                                1,
                                new Operation.Get(key),
                                2,
                                new Invocation.Ok(new Response.Absent(), 4)),
                        new Invocation(
                                1,
                                new Operation.Put(key, Bytes.utf8("y")),
                                5,
                                new Invocation.Failed(7)),
                        new Invocation(
                                0,
                                new Operation.Put(key, Bytes.utf8("z")),
                                6,
                                new Invocation.Unknown(8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | expected an object",
                "nonsense | column 1: expected a value",
                "{} | \"op\" must be a string, and is not there",
                "{\"op\":\"get\" | column 12: expected '}'",
                "{\"op\":\"get\"} x | column 14: expected the end",
                "{\"op\":\"get\",\"op\":\"get\"} | \"op\" is there twice",
                "{\"op\":\"get\\x\"} | no escape",
                "{\"op\":1.5} | numbers are whole",
                "{\"op\":99999999999999999999} | a value",
                "{\"op\":[[[[[[[[[1]]]]]]]]]} | nested too deep",
                "{\"op\":\"increment\"} | no such \"op\" here: increment",
                "{\"op\":\"get\",\"keys\":\"k\"} | unknown field \"keys\"",
                "{\"op\":\"get\",\"key\":\"k\",\"key64\":\"aw==\"} | both",
                "{\"op\":\"get\",\"key64\":\"k\"} | \"key64\" must be base64",
                "{\"op\":\"get\",\"key\":\"\\ud800\"} | half a character",
                "{\"op\":\"get\",\"key\":\"k\",\"call\":\"1\"} | \"call\" must be a number",
                "{\"op\":\"get\",\"key\":\"k\",\"call\":1,\"status\":\"no\",\"return\":1} | ok, fail or unknown",
                "{\"op\":\"get\",\"key\":\"k\",\"call\":1,\"status\":\"ok\",\"return\":0} | is before",
                "{\"op\":\"get\",\"key\":\"k\",\"call\":1,\"status\":\"ok\"} | \"return\" must be a number",
                "{:process 1, :type :invoke, :f :cas, :key \"k\", :value nil} | not of the form",
                "{:process 1, :type :ok, :f :get, :key \"k\", :value nil} | no such operation under way",
                "{:process 1, :type :invoke, :f :put, :key \"k\", :value \"\"} | empty value",
            })
    void lineThatCannotBeReadIsNamed(String line, String problem) {
        HistoryFormatException refused =
                catchThrowableOfType(HistoryFormatException.class, () -> read("\n" + line + "\n"));

        assertThat(refused.line()).isEqualTo(2);
        assertThat(refused).hasMessageContaining(problem);
    }

    @Test
    void longLineIsRefusedBeforeItFillsTheMemory() {
        String line = "{\"client\":1,\"op\":\"" + "x".repeat(HistoryLines.MAX_LINE_BYTES);

        HistoryFormatException refused =
                catchThrowableOfType(HistoryFormatException.class, () -> read(line));

        assertThat(refused).hasMessage("longer than 16777216 bytes");
    }

    @Test
    void textThatIsNoneIsRefused() {
        byte[] line = {'{', (byte) 0xc3, '}'};

        HistoryFormatException refused = catchThrowableOfType(
                HistoryFormatException.class,
                () -> HistoryReader.read(new ByteArrayInputStream(line)));

        assertThat(refused).hasMessage("not UTF-8");
        assertThat(refused.line()).isEqualTo(1);
    }

    @Test
    void fileWithoutOperationsHasNone() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("\n \n")).isEmpty();
    }

    private static Operation cas(Expected expected) {
        return new Operation.CompareAndSet(KEY, expected, RAW);
    }

    private static Invocation ok(Operation operation, Response response) {
        return new Invocation(1, operation, 5, new Invocation.Ok(response, 6));
    }

    private static List<Invocation> read(String file) throws IOException, HistoryFormatException {
        return HistoryReader.read(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
    }
}
