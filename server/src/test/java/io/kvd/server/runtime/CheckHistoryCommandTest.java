package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class CheckHistoryCommandTest {
    private static final String PUT = """
            {"client":1,"op":"put","key":"k","value":"a","call":10,"return":25,"status":"ok"}
            {"client":3,"op":"put","key":"k","value":"b","call":10,"return":25,"status":"fail"}
            """;

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void goodHistoryIsLinearizable() throws IOException {
        assertThat(check(PUT + get("{\"value\":\"a\"}"))).isZero();

        assertThat(out.toString().lines())
                .containsExactly("3 operations, 0 of them unknown, 1 failed", "linearizable: yes");
    }

    @Test
    void badHistoryIsExplainedAndExitsWithNine() throws IOException {
        String later = "{\"client\":2,\"op\":\"get\",\"key\":\"k\",\"call\":42,\"return\":50,"
                + "\"status\":\"ok\",\"result\":{\"value\":\"a\"}}\n"
                + "{\"client\":4,\"op\":\"put\",\"key\":\"k\",\"value\":\"c\",\"call\":9,"
                + "\"status\":\"unknown\"}\n";

        assertThat(check(PUT + get("{\"value\":\"c\"}") + later)).isEqualTo(9);

        assertThat(out.toString().lines())
                .containsExactly(
                        "5 operations, 1 of them unknown, 1 failed",
                        "linearizable: no",
                        "key \"k\": none of the operations under way can come next",
                        "an order gets as far as 1 operations; the last:",
                        "  client 1  [10 .. 25] put \"k\" \"a\"  -> ok",
                        "what could come next, and why it can't:",
                        "  client 4  [9 .. ] put \"k\" \"c\"  outcome unknown",
                        "      after it this could not come: client 2  [42 .. 50] get \"k\"  -> \"a\"",
                        "  client 2  [30 .. 41] get \"k\"  -> \"c\"",
                        "      \"k\" holds \"a\" then");
    }

    @Test
    void valueThatNobodyWroteIsNamedAlone() throws IOException {
        assertThat(check(PUT + get("{\"value\":\"b\"}"))).isEqualTo(9);

        assertThat(out.toString().lines())
                .endsWith(
                        "linearizable: no",
                        "key \"k\": no operation that took effect has written this value",
                        "  client 2  [30 .. 41] get \"k\"  -> \"b\"");
    }

    @Test
    void eventLogsAreReadToo() throws IOException {
        String log = """
                {:process 0, :type :invoke, :f :put, :key "0", :value "x"}
                {:process 0, :type :info, :f :put, :key "0", :value "x"}
                """;

        assertThat(check(log)).isZero();
        assertThat(out.toString()).contains("1 operations, 1 of them unknown", "yes");
    }

    @Test
    void fileThatCannotBeReadIsNamedWithItsLine() throws IOException {
        assertThat(check(PUT + "{\"client\":1,\"op\":\"increment\"}")).isEqualTo(2);
        assertThat(err.toString())
                .contains("can't read the history", "history.jsonl", "line 3: no such \"op\" here");

        assertThat(check("")).isEqualTo(2);
        assertThat(err.toString()).contains("it holds no operation");

        assertThat(run("check-history", directory.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("there is no such file");
        assertThat(out.toString()).isEmpty();
    }

    private static String get(String result) {
        return "{\"client\":2,\"op\":\"get\",\"key\":\"k\",\"call\":30,\"return\":41,"
                + "\"status\":\"ok\",\"result\":" + result + "}\n";
    }

    private int check(String history) throws IOException {
        Path file = Files.writeString(directory.resolve("history.jsonl"), history);
        return run("check-history", file.toString());
    }

    private int run(String... arguments) {
        ServerFactory none = (config, halt) -> {
            throw new AssertionError("starts a server");
        };
        ProcessContext context =
                new ProcessContext(Map.of(), none, new Halt(() -> {}, code -> {}), handler -> {});
        return Main.commandLine(context)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
