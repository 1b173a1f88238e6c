package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Single operations: what they print, and the exit code they end with. */
class KvctlTest {
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
    void putSaysTheRevision() {
        assertThat(shell.run("put", "hello", "world")).isEqualTo("OK  rev 2\n[0]");
    }

    @Test
    void putIsSessionless() {
        shell.run("put", "hello", "world");

        assertThat(server.requests()).allMatch(request -> request.getSessionId() == 0);
        assertThat(store.sessionCount()).isZero();
    }

    @Test
    void quietPutSaysNothing() {
        assertThat(shell.run("put", "hello", "world", "-q")).isEqualTo("[0]");
    }

    @Test
    void getPrintsTheValueAndNothingElse() {
        shell.run("put", "hello", "world");

        assertThat(shell.run("get", "hello")).isEqualTo("world[0]");
    }

    @Test
    void getEndsTheLineOnATerminal() {
        shell.run("put", "hello", "world");

        assertThat(shell.terminal().run("get", "hello")).isEqualTo("world\n[0]");
    }

    @Test
    void getOfAnAbsentKeyEndsWith3() {
        assertThat(shell.run("get", "nope")).isEqualTo("kvctl: key not found: nope\n[3]");
    }

    @Test
    void getAsJsonHasTheRevisions() {
        shell.run("put", "hello", "world");
        shell.run("put", "hello", "again");

        assertThat(shell.run("get", "hello", "-o", "json"))
                .isEqualTo("{\"revision\":3,\"kvs\":[{\"key\":\"hello\",\"value\":\"again\","
                        + "\"createRevision\":2,\"modRevision\":3,\"version\":2}]}\n[0]");
    }

    @Test
    void getAsJsonMarksWhatIsNotText() {
        shell.run("--hex", "put", "6b", "ff00");

        assertThat(shell.run("get", "k", "-o", "json"))
                .contains("\"key\":\"k\",\"value\":\"/wA=\",\"valueEncoding\":\"base64\"");
    }

    @Test
    void failureAsJsonIsAnObjectWithACode() {
        assertThat(shell.run("get", "nope", "-o", "json"))
                .isEqualTo(
                        "{\"code\":\"KEY_NOT_FOUND\",\"exitCode\":3,\"message\":\"key not found: nope\"}\n"
                                + "kvctl: key not found: nope\n[3]");
    }

    @Test
    void getAsTableHasColumns() {
        shell.run("put", "hello", "world");

        assertThat(shell.run("get", "hello", "-o", "table"))
                .isEqualTo(
                        "KEY    CREATE  MOD  VERSION  VALUE\nhello       2    2        1  world\n[0]");
    }

    @Test
    void delTellsHowMany() {
        shell.run("put", "hello", "world");

        assertThat(shell.run("del", "hello")).isEqualTo("deleted 1  rev 3\n[0]");
        assertThat(shell.run("del", "hello")).isEqualTo("deleted 0  rev 3\n[0]");
    }

    @Test
    void valueComesFromStandardInput() {
        shell.input("a\nb").run("put", "k", "-");

        assertThat(shell.run("get", "k")).isEqualTo("a\nb[0]");
    }

    @Test
    void valueComesFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("value"), "from a file");

        shell.run("put", "k", "@" + file);

        assertThat(shell.run("get", "k")).isEqualTo("from a file[0]");
        assertThat(shell.run("put", "k", "@" + file + "x"))
                .contains("no such file")
                .endsWith("[1]");
    }

    @Test
    void doubledAtIsAValueThatBeginsWithAt() {
        shell.run("put", "k", "@@home");

        assertThat(shell.run("get", "k")).isEqualTo("@home[0]");
    }

    @Test
    void keysAndValuesMayBeBase64() {
        assertThat(shell.run("put", "aw==", "/wA=", "--base64")).isEqualTo("OK  rev 2\n[0]");
        assertThat(shell.run("get", "aw==", "--base64")).isEqualTo("/wA=[0]");
        assertThat(shell.run("get", "6b", "--hex")).isEqualTo("ff00[0]");
    }

    @Test
    void unreachableServerEndsWith5() throws IOException {
        String address = FakeServer.deadAddress();

        assertThat(shell.run("put", "a", "b", "-e", address))
                .isEqualTo("kvctl: cannot connect to " + address + ": connection refused\n  tried: "
                        + address
                        + " (flag --endpoints)\n  try:   is the server up?  kvd start      other address?"
                        + "  kvctl -e HOST:PORT ping\n[5]");
    }

    @Test
    void secondEndpointIsAskedWhenTheFirstIsDown() throws IOException {
        assertThat(shell.run(
                        "put", "a", "b", "-e", FakeServer.deadAddress() + "," + server.address()))
                .isEqualTo("OK  rev 2\n[0]");
    }

    @Test
    void clusterWithoutALeaderEndsWith6() {
        server.answer(request -> Optional.of(
                server.header(Code.NO_LEADER).setRetryable(true).setRetryAfterMs(6_000)));

        assertThat(shell.run("get", "a")).contains("kvctl: no leader").endsWith("[6]");
    }

    @Test
    void unansweredPutEndsWith8() {
        server.answer(request -> Optional.empty());

        assertThat(shell.run("put", "a", "b"))
                .startsWith("kvctl: outcome unknown: lost the connection to " + server.address())
                .contains("  why:   nobody said what became of the write")
                .endsWith("[8]");
    }

    @Test
    void refusalOverALimitNamesLimitAndSize() {
        server.answer(request -> Optional.of(server.header(Code.TOO_LARGE)
                .setMessage("value is too large")
                .setLimit(3)
                .setActual(5)));

        assertThat(shell.run("put", "a", "world"))
                .isEqualTo("kvctl: value is too large\n  why:   the limit is 3, this is 5\n[1]");
    }

    @Test
    void mistypedCommandEndsWith2AndASuggestion() {
        assertThat(shell.run("gett", "a"))
                .contains("did you mean")
                .contains("get")
                .endsWith("[2]");
    }

    @Test
    void mistypedOptionEndsWith2() {
        assertThat(shell.run("get", "a", "--nonsense"))
                .contains("unknown option: '--nonsense'")
                .contains("try:   kvctl get --help")
                .endsWith("[2]");
    }

    @Test
    void missingArgumentEndsWith2() {
        assertThat(shell.run("put", "a")).contains("'VALUE'").endsWith("[2]");
    }

    @Test
    void portAloneIsOnThisMachine() {
        String port = server.address().substring(server.address().lastIndexOf(':'));
        assertThat(shell.run("put", "a", "b", "-e", port)).isEqualTo("OK  rev 2\n[0]");
    }

    @Test
    void senselessOptionValuesEndWith2() {
        assertThat(shell.run("get", "a", "--timeout", "soon"))
                .contains("not a duration: soon")
                .endsWith("[2]");
        assertThat(shell.run("get", "a", "-e", "nohost"))
                .contains("not an address: 'nohost'")
                .endsWith("[2]");
        assertThat(shell.run("get", "a", "-o", "xml"))
                .contains("no such form: xml")
                .endsWith("[2]");
        assertThat(shell.run("get", "a", "--consistency", "hearsay"))
                .contains("no such level")
                .endsWith("[2]");
        assertThat(shell.run("get", "")).contains("at least one byte").endsWith("[2]");
    }

    @Test
    void consistencyReachesTheServer() {
        shell.run("put", "a", "b");
        shell.run("get", "a", "--consistency", "at-least=7");

        assertThat(server.requests().get(1).getRange().getAtLeastRevision()).isEqualTo(7);
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        for (String name : Commands.NAMES) {
            assertThat(shell.run(name, "--help"))
                    .contains("Usage: kvctl " + name, "Examples:")
                    .endsWith("[0]");
        }
        assertThat(shell.run("--help")).contains(Commands.NAMES).endsWith("[0]");
        assertThat(shell.run()).contains("Usage: kvctl").endsWith("[2]");
    }

    @Test
    void outputThatCannotBeWrittenEndsWith1() {
        shell.run("put", "hello", "world");

        assertThat(shell.outputFailingWith("No space left on device").run("get", "hello"))
                .contains("kvctl: can't write the output")
                .contains("No space left on device")
                .endsWith("[1]");
        assertThat(shell.outputFailingWith("Broken pipe").run("get", "hello")).isEqualTo("[1]");
    }

    @Test
    void verboseSaysWhoAnswered() {
        assertThat(shell.run("put", "a", "b", "-v"))
                .contains("kvctl: node 1 answered in term 1 at revision 2");
    }
}
