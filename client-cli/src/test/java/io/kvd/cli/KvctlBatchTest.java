package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

class KvctlBatchTest {
    private final FakeStore store = new FakeStore();
    private FakeServer server;
    private Shell shell;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeServer.start(1, store);
        shell = new Shell().environment("KVCTL_ENDPOINTS", server.address());
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void linesAreAnsweredInTheirOrder() {
        assertThat(shell.input(
                                "put a 1\nput b 'two words'\nget b\nget a\ncount\ndel a\ncount --prefix a\n")
                        .run("batch"))
                .isEqualTo("OK  rev 2\nOK  rev 3\ntwo words\n1\n2\ndeleted 1  rev 4\n0\n[0]");
    }

    @Test
    void linesOnOneKeyActOneAfterTheOther() {
        StringBuilder lines = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("put k ").append(i).append("\nget k\n");
            expected.append("OK  rev ").append(i + 2).append('\n').append(i).append('\n');
        }

        assertThat(shell.input(lines.toString()).run("batch")).isEqualTo(expected + "[0]");
    }

    @Test
    void largeLinesAreNotSentFurtherAheadThanTheyMayBeHeld() {
        String value = "v".repeat(1 << 20);
        StringBuilder lines = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("put k").append(i).append(' ').append(value).append('\n');
            expected.append("OK  rev ").append(i + 2).append('\n');
        }

        assertThat(shell.input(lines.toString()).run("batch")).isEqualTo(expected + "[0]");
    }

    @Test
    void linesShareOneSessionWhichIsClosedAtTheEnd() {
        shell.input("put a 1\nput b 2\nput c 3\n").run("batch");

        assertThat(server.requests())
                .filteredOn(request -> request.getSessionId() != 0)
                .hasSize(3)
                .allMatch(request -> request.getSessionId() == 101);
        assertThat(store.sessionCount()).isZero();
    }

    @Test
    void failedLineDoesNotStopTheOthersAndTheFirstDecidesTheExitCode() {
        assertThat(shell.input("get nope\ncas a 1 --rev 9\nput a 1\nfly\n").run("batch"))
                .isEqualTo("""
                        OK  rev 2
                        kvctl: line 1: key not found: nope
                        kvctl: line 2: compare failed: a is absent, not at 9
                          try:   kvctl get a -o json
                        kvctl: line 4: no such command in a batch: fly
                          try:   put, get, del, cas or count
                        [3]""");
    }

    @Test
    void everyLineAsJsonIsAnObject() {
        assertThat(shell.input("put a 1\nget nope\ncount\n").run("batch", "-o", "json"))
                .startsWith("""
                        {"revision":2}
                        {"code":"KEY_NOT_FOUND","exitCode":3,"message":"line 2: key not found: nope"}
                        {"revision":2,"count":1}
                        """);
    }

    @Test
    void commentsAndEmptyLinesAreSkippedButCounted() {
        assertThat(shell.input("# a comment\n\n  \nget nope # why not\n").run("batch"))
                .isEqualTo("kvctl: line 4: key not found: nope\n[3]");
    }

    @Test
    void openQuoteIsAnErrorOfItsLine() {
        assertThat(shell.input("put a 'open\nput b 1\n").run("batch"))
                .contains("OK  rev 2")
                .contains("line 1: the line ends after '")
                .endsWith("[2]");
    }

    @Test
    void writesAreRepeatedThroughTheSession() {
        AtomicInteger cuts = new AtomicInteger(1);
        server.answer(request -> {
            Optional<io.kvd.protocol.Reply.Builder> answer = store.answer(request);
            return request.getSequence() == 2 && cuts.getAndDecrement() > 0
                    ? Optional.empty()
                    : answer;
        });

        assertThat(shell.input("put a 1\nput a 2\nput a 3\n").run("batch")).endsWith("[0]");
        assertThat(store.version("a")).isEqualTo(3);
    }

    @Test
    void manyLinesAreSentAheadOfTheirAnswers() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            lines.append("put key").append(i).append(" value\n");
        }

        assertThat(shell.input(lines.toString()).run("batch", "-q")).isEqualTo("[0]");
        assertThat(shell.run("count")).isEqualTo("2000\n[0]");
    }

    @Test
    void valueFromStandardInputIsRefused() {
        assertThat(shell.input("put a -\n").run("batch"))
                .contains("standard input holds the commands")
                .endsWith("[2]");
    }

    @Test
    void serverThatIsGoneFailsEachLine() throws IOException {
        String address = FakeServer.deadAddress();

        assertThat(shell.input("put a 1\nget a\n").run("batch", "-e", address))
                .contains("line 1: cannot connect to " + address)
                .contains("line 2: cannot connect to " + address)
                .endsWith("[5]");
    }

    @Test
    void permissionDeniedEndsWith7() {
        server.answer(request -> Optional.of(server.header(Code.PERMISSION_DENIED)));

        assertThat(shell.input("get a\n").run("batch")).endsWith("[7]");
    }
}
