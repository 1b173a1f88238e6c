package io.kvd.bench.runner;

import io.kvd.bench.local.LocalServers;
import io.kvd.bench.local.Peers;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.local.Servers;
import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.bench.profile.FlightRecordings;
import io.kvd.bench.target.TargetAddress.Kind;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code kvbench local}: kvd beside others, all started here and stopped again. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        description = {
            "Measures throw-away clusters of real processes on this machine: kvd, with the JVM options of bin/kvd, and",
            "peers that are installed (apt install etcd-server redis-server). Round by round each has a turn alone:",
            "started on empty directories, loaded, started again, warmed up, measured. Servers listen on loopback only."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench local --nodes 3 --peers etcd",
            "  kvbench local --nodes 3 --peers etcd,redis --workloads get,put,mix --in-flight 1,64,512",
            "  kvbench local --workloads put --rate 2000,5000",
            "  kvbench local --workloads put --profile put.jfr && kvbench hot put-n1.jfr"
        })
public final class LocalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Of kvd, and of each peer that replicates; default ${DEFAULT-VALUE}.")
    private int nodes = 3;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description =
                    "etcd, redis. One that is not installed is left out, and the report says so.")
    private List<String> peers = List.of();

    @Option(
            names = "--profile",
            paramLabel = "FILE.jfr",
            description =
                    "Record what each node of kvd does while the only step is measured, in the first round: FILE-n1.jfr and so on.")
    private Optional<Path> profile = Optional.empty();

    @Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Integer call() throws Exception {
        Plan plan = CommandLines.parse(spec, options::plan);
        if (nodes < 1) {
            throw new ParameterException(spec.commandLine(), "--nodes is at least 1");
        }
        if (profile.isPresent() && plan.steps().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--profile records one step: give one workload and load");
        }
        ServerJvm jvm =
                profile.isPresent() ? ServerJvm.PRODUCTION.forProfiling() : ServerJvm.PRODUCTION;
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-")) {
            List<LocalServers> targets = new ArrayList<>();
            List<String> missing = new ArrayList<>();
            targets.add(Peers.kvd(nodes, directory.path(), jvm));
            for (Kind peer : peerKinds()) {
                Peers.program(peer)
                        .ifPresentOrElse(
                                program -> targets.add(start(peer, program, directory.path())),
                                () -> missing.add("%s left out: %s"
                                        .formatted(peer, Peers.howToInstall(peer))));
            }
            return new Run(spec, options, directory.path(), missing)
                    .call(plan, targets, profile.map(this::recorder).orElse(Runner.Observer.NONE));
        }
    }

    private List<Kind> peerKinds() {
        List<Kind> kinds = CommandLines.parse(
                spec, () -> peers.stream().map(Kind::named).distinct().toList());
        if (kinds.contains(Kind.KVD)) {
            throw new ParameterException(
                    spec.commandLine(), "kvd is no peer: it is measured anyway");
        }
        return kinds;
    }

    private LocalServers start(Kind peer, Path program, Path directory) {
        return switch (peer) {
            case ETCD -> Peers.etcd(nodes, directory, program);
            case REDIS -> Peers.redis(directory, program);
            case KVD -> throw new AssertionError("kvd is no peer");
        };
    }

    private Runner.Observer recorder(Path file) {
        return new Runner.Observer() {
            private List<FlightRecordings> running = List.of();

            @Override
            public boolean begin(Servers servers, int round)
                    throws IOException, InterruptedException {
                boolean wanted = round == 1 && servers.address().kind() == Kind.KVD;
                if (wanted && servers instanceof LocalServers local) {
                    FlightRecordings recordings = new FlightRecordings(local.processes(), file);
                    recordings.start();
                    running = List.of(recordings);
                }
                return wanted;
            }

            @Override
            public void end() throws IOException, InterruptedException {
                for (FlightRecordings recordings : running) {
                    spec.commandLine().getOut().printf("# recorded: %s%n", recordings.stop());
                }
            }
        };
    }
}
