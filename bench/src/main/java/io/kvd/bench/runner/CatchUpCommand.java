package io.kvd.bench.runner;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.local.ServerProcess;
import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.bench.report.Window;
import io.kvd.bench.target.Target;
import io.kvd.bench.target.TargetAddress;
import io.kvd.bench.workload.KeyChoice;
import io.kvd.bench.workload.KeySpace;
import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;
import io.kvd.bench.workload.Step;
import io.kvd.bench.workload.Values;
import io.kvd.bench.workload.Workload;
import io.kvd.client.KvdClient;
import io.kvd.protocol.StatusResult;
import io.kvd.protocol.TransferStatus;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code kvbench catch-up}: what a member that was away for long costs the others as it comes back. */
@Command(
        name = "catch-up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts three nodes, kills a follower, fills the others, and puts at a steady rate: first without that follower,",
            "then while it is back and catches up, which takes a snapshot if the others' log does not reach back so far.",
            "Prints the latencies of both, the elections meanwhile, and whether all three states are equal at the end."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvbench catch-up",
            "  kvbench catch-up --keys 200000 --value-bytes 5000 --rate 2000"
        })
public final class CatchUpCommand implements Callable<Integer> {
    private static final int NODES = 3;
    private static final int LOADERS = 256;
    private static final int MAX_SECONDS = 900;
    private static final long SECOND_MS = 1_000;
    /** A member that applied all that was applied so many seconds ago has caught up. */
    private static final int LAG_SECONDS = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--keys",
            description = "Put while the follower is away; default ${DEFAULT-VALUE}.")
    private long keyCount = 2_000_000;

    @Option(names = "--value-bytes", description = "Size of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 512;

    @Option(names = "--rate", description = "Puts a second; default ${DEFAULT-VALUE}.")
    private long rate = 1_000;

    @Option(
            names = "--seconds",
            description = "Measured without the follower; default ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(
            names = "--warmup-seconds",
            description = "At that rate, before; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 15;

    @Option(names = "--seed", description = "Chooses keys and values; default: a new one, printed.")
    private long seed = System.nanoTime();

    /** What runs, and who comes back. */
    private record Scene(
            LocalCluster cluster, KvdClient client, ServerProcess leader, ServerProcess follower) {
        StatusResult leaderStatus() {
            return LocalCluster.status(client, leader)
                    .orElseThrow(() -> new IllegalStateException("the leader does not answer"));
        }
    }

    @Override
    public Integer call() throws Exception {
        print(
                "# catch-up, %d keys, values of %d bytes, %d puts/s, seed %d",
                keyCount, valueBytes, rate, seed);
        try (TemporaryDirectory directory = TemporaryDirectory.create("kvbench-catch-up-");
                LocalCluster cluster = new LocalCluster(
                        NODES, directory.path(), List.of(), ServerJvm.PRODUCTION)) {
            cluster.killAllAtExit();
            cluster.startAll();
            try (KvdClient client =
                    KvdClient.builder().endpoints(cluster.addresses()).build()) {
                ServerProcess leader = cluster.awaitLeader(client);
                ServerProcess follower = cluster.nodes().stream()
                        .filter(node -> node != leader)
                        .findFirst()
                        .orElseThrow();
                return run(new Scene(cluster, client, leader, follower));
            }
        }
    }

    private int run(Scene scene) throws InterruptedException {
        KeySpace keys = new KeySpace(keyCount);
        Values values = new Values(valueBytes, seed);
        TargetAddress address =
                new TargetAddress(TargetAddress.Kind.KVD, scene.cluster().addresses());
        scene.follower().kill();
        print("# %s is killed", scene.follower().name());
        try (Target target = address.open()) {
            fill(new Call.Store(target, keys, new Meter()), values);
            Step step = new Step(Workload.PUT, KeyChoice.UNIFORM, new Load.Rate(rate));
            Meter meter = new Meter();
            Generator generator = Generator.start(
                    step.load(),
                    Requests.of(step, keys, values, seed),
                    new Call.Store(target, keys, meter));
            windows(meter, warmupSeconds);
            Window before = Window.sum(windows(meter, seconds));
            print("# without it: %s", latencies(before));
            long term = scene.leaderStatus().getTerm();
            scene.follower().start();
            List<Window> during = catchUp(scene, meter);
            generator.stop();
            during.add(meter.take());
            return summarise(scene, before, during, scene.leaderStatus().getTerm() - term);
        }
    }

    private void fill(Call.Store store, Values values) throws InterruptedException {
        long begin = System.nanoTime();
        Generator generator = Generator.start(
                new Load.InFlight(LOADERS), Requests.loading(store.keys(), values, LOADERS), store);
        long filled = 0;
        while (filled < keyCount && store.meter().lastFailure().isEmpty()) {
            Thread.sleep(SECOND_MS);
            filled += store.meter().take().latencies().getTotalCount();
        }
        generator.stop();
        store.meter().lastFailure().ifPresent(reason -> {
            throw new IllegalStateException("filling failed: " + reason);
        });
        print("# filled in %.0f s", (System.nanoTime() - begin) / 1e9);
    }

    private List<Window> catchUp(Scene scene, Meter meter) throws InterruptedException {
        List<Window> during = new ArrayList<>();
        long wanted = scene.leaderStatus().getAppliedIndex();
        for (int second = 1; second <= MAX_SECONDS; second++) {
            Window window = windows(meter, LAG_SECONDS).get(0);
            during.add(window);
            Optional<StatusResult> status = LocalCluster.status(scene.client(), scene.follower());
            long applied = status.map(StatusResult::getAppliedIndex).orElse(0L);
            print(
                    "# %3d s: %s; %s has applied %d of %d%s",
                    second,
                    latencies(window),
                    scene.follower().name(),
                    applied,
                    wanted,
                    transfers(status.map(StatusResult::getTransfersList).orElse(List.of())));
            if (applied >= wanted) {
                return during;
            }
            wanted = scene.leaderStatus().getAppliedIndex();
        }
        throw new IllegalStateException("%s has not caught up after %d s; its output: %s"
                .formatted(
                        scene.follower().name(), MAX_SECONDS, scene.follower().output()));
    }

    private static String transfers(List<TransferStatus> transfers) {
        StringBuilder text = new StringBuilder();
        for (TransferStatus transfer : transfers) {
            text.append(String.format(
                    Locale.ROOT,
                    ", snapshot %d of %d MiB",
                    transfer.getBytes() >> 20,
                    transfer.getTotalBytes() >> 20));
        }
        return text.toString();
    }

    private int summarise(Scene scene, Window before, List<Window> windows, long elections) {
        Window during = Window.sum(windows);
        List<String> hashes = scene.cluster().awaitEqualApplied(scene.client());
        long distinct = hashes.stream().distinct().count();
        print("RESULT without it  %s", latencies(before));
        print("RESULT as it comes %s", latencies(during));
        print(
                "RESULT caught up after %d s; p99 %.2f times as long; elections: %d; failed puts: %d; states: %s",
                windows.size() - 1,
                during.latencyMs(99) / before.latencyMs(99),
                elections,
                before.failures() + during.failures(),
                distinct == 1 ? "equal" : "DIFFERENT " + hashes);
        return distinct == 1 && before.failures() + during.failures() == 0 ? 0 : 1;
    }

    private static String latencies(Window window) {
        return String.format(
                Locale.ROOT,
                "%.0f puts/s, p50 %.2f p99 %.2f p99.9 %.2f max %.2f ms",
                window.opsPerSecond(),
                window.latencyMs(50),
                window.latencyMs(99),
                window.latencyMs(99.9),
                window.latencies().getMaxValue() / 1e6);
    }

    private static List<Window> windows(Meter meter, int count) throws InterruptedException {
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread.sleep(SECOND_MS);
            windows.add(meter.take());
        }
        return windows;
    }

    @SuppressWarnings("AnnotateFormatMethod") // Passed on as it is.
    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
