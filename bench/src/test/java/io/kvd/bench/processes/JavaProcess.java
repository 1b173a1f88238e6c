package io.kvd.bench.processes;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The programs of this project as processes of their own, from this process's class path. */
final class JavaProcess {
    private JavaProcess() {}

    /** A command line that the program's own arguments may be added to. */
    static List<String> command(String option, String main) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                option,
                "-cp",
                classPath(),
                main));
    }

    /** What kvctl prints when it succeeds, with standard output and error in one. */
    static String kvctl(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = command("-Xmx64m", "io.kvd.cli.Main");
        command.addAll(arguments);
        Process kvctl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(kvctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kvctl.waitFor() != 0) {
            throw new AssertionError(
                    "kvctl " + arguments + " ended with " + kvctl.exitValue() + ":\n" + output);
        }
        return output;
    }

    /** Without the tests' own logging: a demo reads in its nodes' logs when one leads. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
