package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** ls, count and cas. The fake store answers with three rows at most, so longer lists take several pages. */
class KvctlRangeTest {
    private final FakeStore store = new FakeStore();
    private FakeServer server;
    private Shell shell;

    @BeforeEach
    void startServerWithRows() throws IOException {
        server = FakeServer.start(1, store);
        shell = new Shell().environment("KVCTL_ENDPOINTS", server.address());
        shell.input("put u/1 a\nput u/2 b\nput u/3 c\nput u/4 d\nput u/5 e\nput v f\n")
                .run("batch", "-q");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void lsPrintsKeyAndValueALine() {
        assertThat(shell.run("ls", "u/")).isEqualTo("u/1\ta\nu/2\tb\nu/3\tc\nu/4\td\nu/5\te\n[0]");
    }

    @Test
    void lsWithoutPrefixListsAll() {
        assertThat(shell.run("ls", "--keys-only")).isEqualTo("u/1\nu/2\nu/3\nu/4\nu/5\nv\n[0]");
        assertThat(shell.run("list", "--keys-only")).isEqualTo("u/1\nu/2\nu/3\nu/4\nu/5\nv\n[0]");
    }

    @Test
    void lsStopsAtTheLimit() {
        assertThat(shell.run("ls", "u/", "--limit", "4", "--keys-only"))
                .isEqualTo("u/1\nu/2\nu/3\nu/4\n[0]");
        assertThat(shell.run("ls", "--limit", "0")).isEqualTo("[0]");
    }

    @Test
    void lsAsJsonIsOneObjectOverAllPages() {
        assertThat(shell.run("ls", "u/", "--keys-only", "-o", "json"))
                .isEqualTo(
                        "{\"revision\":7,\"kvs\":["
                                + "{\"key\":\"u/1\",\"createRevision\":2,\"modRevision\":2,\"version\":1},"
                                + "{\"key\":\"u/2\",\"createRevision\":3,\"modRevision\":3,\"version\":1},"
                                + "{\"key\":\"u/3\",\"createRevision\":4,\"modRevision\":4,\"version\":1},"
                                + "{\"key\":\"u/4\",\"createRevision\":5,\"modRevision\":5,\"version\":1},"
                                + "{\"key\":\"u/5\",\"createRevision\":6,\"modRevision\":6,\"version\":1}]}\n[0]");
    }

    @Test
    void lsThatBreaksOffSaysSoInTheObject() {
        AtomicInteger pages = new AtomicInteger();
        server.answer(request -> pages.incrementAndGet() == 1
                ? store.answer(request)
                : Optional.<Reply.Builder>of(server.header(Code.PERMISSION_DENIED)));

        assertThat(shell.run("ls", "u/", "--keys-only", "-o", "json"))
                .contains("\"version\":1}],\"complete\":false}\n{\"code\":\"PERMISSION_DENIED\"")
                .endsWith("[7]");
    }

    @Test
    void lsAsTableHasOneTitle() {
        assertThat(shell.run("ls", "u/", "-o", "table")).isEqualTo("""
                        KEY  CREATE  MOD  VERSION  VALUE
                        u/1       2    2        1  a
                        u/2       3    3        1  b
                        u/3       4    4        1  c
                        u/4       5    5        1  d
                        u/5       6    6        1  e
                        [0]""");
    }

    @Test
    void lsKeepsARowOnALineWhateverTheValue() {
        shell.input("two\nlines\ttab").run("put", "w", "-");

        assertThat(shell.run("ls", "w")).isEqualTo("w\ttwo\\nlines\\ttab\n[0]");
    }

    @Test
    void countPrintsTheNumber() {
        assertThat(shell.run("count")).isEqualTo("6\n[0]");
        assertThat(shell.run("count", "--prefix", "u/")).isEqualTo("5\n[0]");
        assertThat(shell.run("count", "--prefix", "none", "-o", "json"))
                .isEqualTo("{\"revision\":7,\"count\":0}\n[0]");
    }

    @Test
    void casPutsOnlyAtTheExpectedRevision() {
        assertThat(shell.run("cas", "v", "new", "--rev", "7")).isEqualTo("OK  rev 8\n[0]");
        assertThat(shell.run("cas", "v", "newer", "--rev", "7"))
                .startsWith("kvctl: compare failed: v is at revision 8, not at 7\n")
                .endsWith("[4]");
        assertThat(shell.run("get", "v")).isEqualTo("new[0]");
    }

    @Test
    void casAtRevision0CreatesOnly() {
        assertThat(shell.run("cas", "fresh", "1", "--rev", "0")).endsWith("[0]");
        assertThat(shell.run("cas", "fresh", "2", "--rev", "0"))
                .contains("is at revision 8, not absent")
                .endsWith("[4]");
        assertThat(shell.run("cas", "absent", "2", "--rev", "5"))
                .contains("absent is absent, not at 5")
                .endsWith("[4]");
    }

    @Test
    void failedCasAsJsonHasTheCurrentRevision() {
        assertThat(shell.run("cas", "v", "x", "--rev", "3", "-o", "json"))
                .startsWith(
                        "{\"code\":\"COMPARE_FAILED\",\"exitCode\":4,"
                                + "\"message\":\"compare failed: v is at revision 7, not at 3\",\"modRevision\":7}\n");
    }

    @Test
    void casNeedsARevision() {
        assertThat(shell.run("cas", "v", "x")).contains("--rev").endsWith("[2]");
        assertThat(shell.run("cas", "v", "x", "--rev", "seven"))
                .contains("not a whole number")
                .endsWith("[2]");
    }
}
