package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code kvd simulate} prints, and how it ends. */
class SimulateSeedsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void manySeedsEndWithATableThatIsTheSameEachTime() {
        assertThat(run("simulate", "--seeds", "3", "--start", "20")).isZero();
        List<String> once = withoutWall();
        out.getBuffer().setLength(0);

        assertThat(run("simulate", "--seeds", "3", "--start", "20", "--replay-twice"))
                .isZero();

        assertThat(once).first().asString().startsWith("seeds").contains("3, of which");
        assertThat(once).anyMatch(line -> line.matches("failed +none"));
        assertThat(once).anyMatch(line -> line.startsWith("faults: network"));
        assertThat(withoutWall()).isEqualTo(once);
    }

    @Test
    void anyNumberOfJobsPrintsTheSame() {
        assertThat(run("simulate", "--seeds", "12", "--jobs", "1")).isZero();
        List<String> once = withoutWall();
        out.getBuffer().setLength(0);

        assertThat(run("simulate", "--seeds", "12", "--jobs", "3")).isZero();

        assertThat(withoutWall()).isEqualTo(once);
    }

    @Test
    void oneSeedPrintsItsPlanItsTraceAndItsHash() {
        assertThat(run("simulate", "--seed", "20", "--trace")).isZero();

        List<String> lines = withoutWall();
        assertThat(lines.get(1)).isEqualTo("seed       20");
        assertThat(lines.get(2)).startsWith("knobs      Knobs[");
        assertThat(lines).anyMatch(line -> line.matches(" +[0-9.]+s raft n1.*"));
        assertThat(lines).anyMatch(line -> line.matches("hash +[0-9a-f]{16} after 1000 events"));
        assertThat(lines).last().asString().matches("trace hash +[0-9a-f]{16} after \\d+ events");
    }

    @Test
    void aSeedsHistoryIsJudgedFromItsFile(@TempDir Path directory) {
        String file = directory.resolve("history.jsonl").toString();
        assertThat(run("simulate", "--seed", "20", "--history", file)).isZero();

        assertThat(run("check-history", file)).isZero();

        assertThat(out.toString()).contains("linearizable: yes");
    }

    @Test
    void theRealStoresPassToo() {
        assertThat(run("simulate", "--seed", "50", "--real-stores")).isZero();

        assertThat(withoutWall()).anyMatch(line -> line.matches("failed +none"));
    }

    @Test
    void oneCrashTrialPrintsItsTraceAndPasses() {
        assertThat(run("simulate", "--crash-points", "alone@n1.9.after-lost", "--trace"))
                .isZero();

        List<String> lines = withoutWall();
        assertThat(lines).anyMatch(line -> line.matches(" +[0-9.]+s die n1"));
        assertThat(lines).anyMatch(line -> line.matches("failed +none"));
        assertThat(lines).last().asString().matches("trace hash +[0-9a-f]{16}");
    }

    @Test
    void crashTrialPassesOnTheRealStoresToo() {
        assertThat(run("simulate", "--crash-points", "alone@n1.20.after-lost", "--real-stores"))
                .isZero();

        assertThat(withoutWall()).anyMatch(line -> line.matches("failed +none"));
    }

    @Test
    void crashPointsOfAnUnknownScenarioAreWrongUsage() {
        assertThat(run("simulate", "--crash-points", "four")).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).contains("four").contains("hand-over");
    }

    @Test
    void nothingToRunIsWrongUsage() {
        assertThat(run("simulate", "--seeds", "0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("simulate")).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("simulate", "--seeds", "1", "--jobs", "0"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(run("simulate", "--seed", "1", "--seeds", "2"))
                .isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void whatScenariosDoNotKnowIsWrongUsage() {
        for (String option : List.of("--trace", "--replay-twice", "--real-stores", "--shrink=.")) {
            assertThat(run("simulate", "--scenario", "all", option))
                    .as(option)
                    .isEqualTo(ExitCode.USAGE.number());
        }
    }

    private List<String> withoutWall() {
        return out.toString().lines().filter(line -> !line.startsWith("wall")).toList();
    }

    private int run(String... arguments) {
        ProcessContext context = new ProcessContext(
                Map.of(),
                (config, halt) -> {
                    throw new AssertionError("no server is started");
                },
                new Halt(() -> {}, code -> {}),
                handler -> {});
        CommandLine kvd = Main.commandLine(context);
        kvd.setOut(new PrintWriter(out));
        kvd.setErr(new PrintWriter(err));
        return kvd.execute(arguments);
    }
}
