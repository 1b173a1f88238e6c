package io.kvd.bench.runner;

import io.kvd.bench.local.Machine;
import io.kvd.bench.local.Servers;
import io.kvd.bench.report.HtmlReport;
import io.kvd.bench.report.JsonReport;
import io.kvd.bench.report.MarkdownReport;
import io.kvd.bench.report.Measurement;
import io.kvd.bench.report.Report;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run from the command line to the report: what the commands that put load on something share. */
final class Run {
    private static final int FAILED = 1;

    private final CommandSpec spec;
    private final RunOptions options;
    private final Path directory;
    private final List<String> leftOut;

    /**
     * @param directory where servers write
     * @param leftOut what was asked for and is not measured, with the reason
     */
    Run(CommandSpec spec, RunOptions options, Path directory, List<String> leftOut) {
        this.spec = spec;
        this.options = options;
        this.directory = directory;
        this.leftOut = List.copyOf(leftOut);
    }

    /** Runs the plan, prints the table and writes the report. Returns the exit code: 1 if a request failed. */
    int call(Plan plan, List<? extends Servers> targets, Runner.Observer observer)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress =
                new Progress(out, spec.commandLine().getErr(), plan.seconds(targets.size()));
        Map<String, String> conditions = conditions(plan);
        List<String> remarks = new ArrayList<>(leftOut);
        remarks.addAll(Runner.leftOut(plan, targets));
        conditions.forEach((name, value) -> progress.line("# %s: %s", name, value));
        for (Servers target : targets) {
            progress.line("# %s", target.description());
        }
        remarks.forEach(remark -> progress.line("# %s", remark));
        progress.line(
                "# load for %d min %d s, and some seconds a turn for starting and filling servers",
                plan.seconds(targets.size()) / 60, plan.seconds(targets.size()) % 60);
        List<Measurement> measurements =
                new Runner(plan, directory, progress, observer).run(targets);
        Report report = new Report(
                command(),
                conditions,
                targets.stream().map(Servers::description).toList(),
                remarks,
                measurements);
        out.println();
        out.print(new MarkdownReport(report).table());
        report.doubts().forEach(out::println);
        out.println();
        write(report, progress);
        boolean clean = measurements.stream()
                .allMatch(m -> m.total().failures() == 0 && m.total().missing() == 0);
        return clean ? 0 : FAILED;
    }

    private void write(Report report, Progress progress) throws IOException {
        Path to = Files.createDirectories(options.reportDirectory());
        Files.writeString(to.resolve("results.json"), new JsonReport(report).text());
        Files.writeString(to.resolve("results.md"), new MarkdownReport(report).page());
        Path page = to.resolve("report.html");
        Files.writeString(page, new HtmlReport(report).page());
        progress.line("report: %s, and results.md and results.json beside it", page);
    }

    private Map<String, String> conditions(Plan plan) {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(
                "date",
                LocalDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.MINUTES)
                        .toString());
        conditions.putAll(Machine.describe(directory));
        conditions.put(
                "data",
                "%d keys of 14 bytes, values of %d"
                        .formatted(plan.data().keys(), plan.data().valueBytes()));
        Plan.Times times = plan.times();
        conditions.put(
                "measured",
                "%d rounds of %d x %d s each step, after %d s of warm-up"
                        .formatted(
                                times.rounds(),
                                times.iterations(),
                                times.iterationSeconds(),
                                times.warmupSeconds()));
        conditions.put("seed", Long.toString(plan.seed()));
        return conditions;
    }

    private String command() {
        return "kvbench " + spec.name() + " "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
