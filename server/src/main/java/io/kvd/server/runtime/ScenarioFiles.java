package io.kvd.server.runtime;

import io.kvd.server.udp.ProcessScenario;
import io.kvd.simulator.scenario.Links;
import io.kvd.simulator.scenario.Scenario;
import io.kvd.simulator.scenario.ScenarioReport;
import io.kvd.simulator.scenario.ScenarioResult;
import io.kvd.simulator.scenario.ScenarioRun;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The scenarios that {@code kvd simulate --scenario} names, and their playing. */
final class ScenarioFiles {
    private static final String ALL = "all";
    private static final Path USUAL_DIRECTORY = Path.of("conf", "scenarios");
    private static final String SUFFIX = ".json";

    private final List<Scenario> scenarios;

    private ScenarioFiles(List<Scenario> scenarios) {
        this.scenarios = scenarios;
    }

    /**
     * Which seeds to play.
     *
     * @param first of them
     * @param count 0 = the one that is in the file
     */
    record Seeds(long first, int count) {}

    /** @param name a file, a directory, or {@code all} = conf/scenarios */
    static ScenarioFiles named(String name) {
        Path path = name.equals(ALL) ? USUAL_DIRECTORY : Path.of(name);
        List<Scenario> scenarios = new ArrayList<>();
        for (Path file : Files.isDirectory(path) ? filesIn(path) : List.of(path)) {
            scenarios.add(read(file));
        }
        if (scenarios.isEmpty()) {
            throw unusable(path, "there is no " + SUFFIX + " file in it");
        }
        return new ScenarioFiles(scenarios);
    }

    private static List<Path> filesIn(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            found.forEach(files::add);
        } catch (IOException e) {
            throw unusable(directory, String.valueOf(e.getMessage()));
        }
        Collections.sort(files);
        return files;
    }

    private static Scenario read(Path file) {
        String fileName = String.valueOf(file.getFileName());
        String name = fileName.endsWith(SUFFIX)
                ? fileName.substring(0, fileName.length() - SUFFIX.length())
                : fileName;
        try {
            return Scenario.parse(name, Files.readString(file));
        } catch (IOException e) {
            throw unusable(file, "it can't be read: " + e.getMessage());
        } catch (Scenario.FormatException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
    }

    private static CommandFailed unusable(Path path, String why) {
        return new CommandFailed(
                ExitCode.USAGE,
                "--scenario " + path,
                why,
                "kvd simulate --scenario all, where conf/scenarios is");
    }

    /** How a scenario is played with a seed. */
    interface Player {
        ScenarioResult play(Scenario scenario, long seed);
    }

    /** In virtual time. */
    static Player simulated(Links links) {
        return (scenario, seed) -> ScenarioRun.of(scenario, links, seed);
    }

    /** In real time, with processes of this very program. */
    static Player processes() {
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                UdpReplicaCommand.NAME);
        return (scenario, seed) -> {
            try {
                return ProcessScenario.play(scenario, seed, program);
            } catch (IOException e) {
                throw new CommandFailed(
                        ExitCode.ERROR,
                        "can't run the replicas",
                        String.valueOf(e.getMessage()),
                        "kvd simulate --scenario all, without --processes");
            }
        };
    }

    /** Plays them, prints the table, and returns whether every run passed. */
    boolean play(Seeds seeds, Player player, PrintWriter out) {
        ScenarioReport report = new ScenarioReport();
        for (Scenario scenario : scenarios) {
            List<ScenarioResult> results = new ArrayList<>();
            long first = seeds.count() == 0 ? scenario.seed() : seeds.first();
            for (long seed = first; seed < first + Math.max(1, seeds.count()); seed++) {
                results.add(player.play(scenario, seed));
            }
            report.add(results);
        }
        report.lines().forEach(out::println);
        out.flush();
        return report.isPassed();
    }
}
