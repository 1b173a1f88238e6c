package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.Code;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.StatusResult;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** check perf with loads of a moment, and with limits that everything keeps or nothing can. */
class KvctlCheckTest {
    private static final PerfLoad MOMENT = new PerfLoad("t", 1_000, Duration.ofMillis(50));
    private static final PerfLimits ALL_PASS = new PerfLimits(
            0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    private static final PerfLimits NONE_PASSES = new PerfLimits(1e6, 0, 0, 0, 0, 0);
    private static final String OWN = "kvctl-check-perf/";

    private final FakeStore store = new FakeStore();
    private final Shell shell = new Shell();
    private FakeServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeServer.start(1, store);
        store.status(status().build());
        shell.environment("KVCTL_ENDPOINTS", server.address());
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void saysPassForEachLimitThatIsKept() {
        List<String> lines = check(ALL_PASS).lines().toList();

        assertThat(lines.get(0)).matches("RESULT +CHECK +NODE +MEASURED +WANTED");
        assertThat(lines.subList(1, 9)).allMatch(line -> line.startsWith("PASS "));
        assertThat(lines.get(1)).matches("PASS +puts +\\d+/s +>= 0/s");
        assertThat(lines.get(7)).matches("PASS +fsync p99 +n1 +0.54 ms +< .*");
        assertThat(lines.get(8)).matches("PASS +round trip +n1 +\\d+\\.\\d\\d ms +< .*");
        assertThat(lines.get(9)).isEqualTo("fit for load t, 1000 requests a second");
        assertThat(lines.get(10)).isEqualTo("[0]");
    }

    @Test
    void saysWhatToDoForEachLimitThatIsNotKept() {
        String text = check(NONE_PASSES);

        assertThat(text)
                .containsPattern("FAIL +puts ")
                .containsPattern("FAIL +fsync p99 +n1 ")
                .containsPattern("PASS +failed requests +0 +0\n")
                .containsPattern("\nput p99: a put waits for .*\n")
                .containsPattern("\nfsync p99 of n1: the disk below node.data-dir .*\n")
                .endsWith(
                        "\nnot fit for load t, 1000 requests a second: 7 of 8 checks failed\n[9]");
    }

    @Test
    void tellsProgramsInOneLine() {
        shell.json();

        assertThat(check(NONE_PASSES))
                .startsWith(
                        "{\"load\":\"t\",\"requestsPerSecond\":1000,\"seconds\":0,\"fit\":false,")
                .contains("{\"check\":\"fsyncP99Micros\",\"node\":\"n1\",\"value\":540,\"limit\":0,"
                        + "\"passed\":false,\"advice\":\"the disk")
                .contains("{\"check\":\"failedRequests\",\"value\":0,\"limit\":0,\"passed\":true}")
                .endsWith("]}\n[9]");
    }

    @Test
    void putsAtTheRateAndDeletesItsKeysAgain() {
        check(ALL_PASS);

        // A session is opened and closed, and each key put and deleted.
        assertThat(commands()).hasSize(2 + 2 * 50);
        assertThat(shell.run("count")).isEqualTo("0\n[0]");
        assertThat(store.sessionCount()).isZero();
    }

    @Test
    void refusesAPrefixThatHoldsOtherKeys() {
        shell.run("put", OWN + "12345678", "mine");
        long before = commands().size();

        assertThat(check(ALL_PASS))
                .contains("there is a key below the prefix that is not of this check: " + OWN
                        + "12345678")
                .contains("try:   kvctl check perf --prefix OTHER")
                .endsWith("[2]");
        assertThat(commands().size() - before).isLessThan(3); // The session's open and close.
        assertThat(shell.run("get", OWN + "12345678")).isEqualTo("mine[0]");
    }

    @Test
    void takesAwayWhatACheckThatWasKilledLeftBehind() {
        String left = "kvctl check perf " + "x".repeat(256 - 17);
        shell.run("put", OWN + "00000007", left);
        shell.run("put", OWN + "00009999", left);
        shell.run("put", "other", "1");

        assertThat(check(ALL_PASS)).endsWith("[0]");
        assertThat(shell.run("ls", "--keys-only")).isEqualTo("other\n[0]");
    }

    @Test
    void leavesNoKeysWhenInterrupted() {
        PerfLoad endless = new PerfLoad("t", 1_000, Duration.ofDays(1));
        Invocation invocation = shell.invocation(new CheckCommand());

        Optional<PerfCheck.Measurement> measurement = new PerfCheck(
                        invocation, endless, Bytes.utf8(OWN), () -> commands().size() > 20)
                .run();

        assertThat(measurement).isEmpty();
        assertThat(shell.run("count")).isEqualTo("0\n[0]");
    }

    @Test
    void countsRequestsThatFailAndTellsWhy() {
        server.answer(this::fullDisk);

        assertThat(check(ALL_PASS))
                .containsPattern("FAIL +failed requests +50 +0\n")
                .contains("the first failure was: NO_SPACE\n")
                .endsWith("[9]");
    }

    @Test
    void saysWhichNodeDoesNotAnswer() throws IOException {
        store.status(status().addMembers(MemberStatus.newBuilder()
                        .setNodeId(2)
                        .setName("n2")
                        .setClientAddress(FakeServer.deadAddress())
                        .setVoter(true))
                .build());

        assertThat(check(ALL_PASS))
                .containsPattern("FAIL +round trip +n2 +- +< ")
                .containsPattern("\nround trip of n2: the node does not answer: .* ping\n")
                .endsWith("[9]");
    }

    @Test
    void knowsThreeLoadsAndOneCheck() {
        assertThat(shell.run("check", "perf", "--load", "xxl"))
                .contains("no such load: xxl")
                .contains("--load s, m or l")
                .endsWith("[2]");
        assertThat(shell.run("check", "luck")).contains("no such check: luck").endsWith("[2]");
        assertThat(shell.run("check", "perf", "--prefix="))
                .contains("at least one byte")
                .endsWith("[2]");
        assertThat(shell.run("check", "perf", "--help"))
                .contains("kvctl -e n1:7400 check perf --load m")
                .endsWith("[0]");
    }

    @Test
    void endsWith5WhenNobodyIsThere() throws IOException {
        assertThat(shell.run("check", "perf", "-e", FakeServer.deadAddress()))
                .contains("cannot connect")
                .endsWith("[5]");
    }

    @Test
    void showsHowFarItIsOnATerminalOnly() {
        assertThat(check(ALL_PASS)).doesNotContain("\r");
        assertThat(new Shell()
                        .environment("KVCTL_ENDPOINTS", server.address())
                        .terminal()
                        .run(new CheckCommand(name -> MOMENT, ALL_PASS), "perf"))
                .contains("\r\u001b[K[")
                .contains("puts/s  p99 ");
    }

    private String check(PerfLimits limits) {
        return shell.run(new CheckCommand(name -> MOMENT, limits), "perf");
    }

    private List<Request> commands() {
        return server.requests().stream().filter(Request::hasCommand).toList();
    }

    /** Sessions and deletes go on. */
    private Optional<Reply.Builder> fullDisk(Request request) {
        boolean isPut = request.getSessionId() != 0 && request.getCommand().size() > 256;
        return isPut ? Optional.of(server.header(Code.NO_SPACE)) : store.answer(request);
    }

    private StatusResult.Builder status() {
        return StatusResult.newBuilder()
                .setNodeId(1)
                .setName("n1")
                .setRole("leader")
                .setLeaderId(1)
                .addMembers(MemberStatus.newBuilder()
                        .setNodeId(1)
                        .setName("n1")
                        .setClientAddress(server.address())
                        .setVoter(true));
    }
}
