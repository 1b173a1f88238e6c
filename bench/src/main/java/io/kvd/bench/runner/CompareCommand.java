package io.kvd.bench.runner;

import io.kvd.bench.local.GivenServers;
import io.kvd.bench.target.TargetAddress;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code kvbench compare}: load on servers that somebody else runs. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Measures servers that are running, one or several in turns. It puts keys key-0000000000 and so on into them,",
            "and leaves them there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench compare --targets kvd://127.0.0.1:7400 --workloads ycsb-a",
            "  kvbench compare --targets kvd://127.0.0.1:7400,etcd://127.0.0.1:2379,redis://127.0.0.1:6379"
        })
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--targets",
            required = true,
            paramLabel = "TARGET",
            description =
                    "KIND://HOST:PORT of kind kvd, etcd or redis; further members of one as ,HOST:PORT.")
    private String targets = "";

    @Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Integer call() throws Exception {
        Plan plan = CommandLines.parse(spec, options::plan);
        List<TargetAddress> addresses =
                CommandLines.parse(spec, () -> TargetAddress.parseAll(targets));
        List<GivenServers> given = new ArrayList<>();
        for (TargetAddress address : addresses) {
            boolean only = addresses.stream()
                            .filter(other -> other.kind() == address.kind())
                            .count()
                    == 1;
            given.add(new GivenServers(
                    only ? address.kind().toString() : address.toString(), address));
        }
        return new Run(spec, options, Path.of(System.getProperty("java.io.tmpdir")), List.of())
                .call(plan, given, Runner.Observer.NONE);
    }
}
