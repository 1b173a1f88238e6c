package io.kvd.bench.runner;

import io.kvd.bench.local.Fsync;
import io.kvd.bench.local.Servers;
import io.kvd.bench.report.Measurement;
import io.kvd.bench.report.Usage;
import io.kvd.bench.report.Window;
import io.kvd.bench.target.Target;
import io.kvd.bench.workload.KeySpace;
import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Requests;
import io.kvd.bench.workload.Step;
import io.kvd.bench.workload.Values;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a plan: round by round each target has one turn, alone on the machine. Its servers are started anew, loaded,
 * started again with the data they have, and then go through the steps.
 */
final class Runner {
    private static final int LOADERS = 256;
    private static final long SECOND_MS = 1_000;
    private static final long POLL_MS = 20;

    private final Plan plan;
    private final Path directory;
    private final Progress progress;
    private final Observer observer;
    private final Values values;
    private final List<Measurement> measurements = new ArrayList<>();

    /** Watches servers while they are measured. */
    interface Observer {
        Observer NONE = new Observer() {
            @Override
            public boolean begin(Servers servers, int round) {
                return false;
            }

            @Override
            public void end() {}
        };

        /** Whether it watches; if so {@link #end} is called after the step's last iteration. */
        boolean begin(Servers servers, int round) throws IOException, InterruptedException;

        void end() throws IOException, InterruptedException;
    }

    /** What a step runs on. */
    private record Turn(Servers servers, KeySpace keys, int round, double fsyncMicros) {}

    /** @param directory on the disk that servers write to */
    Runner(Plan plan, Path directory, Progress progress, Observer observer) {
        this.plan = plan;
        this.directory = directory;
        this.progress = progress;
        this.observer = observer;
        this.values = new Values(plan.data().valueBytes(), plan.seed());
    }

    /** @throws IllegalStateException a target does not serve */
    List<Measurement> run(List<? extends Servers> targets)
            throws IOException, InterruptedException {
        int rounds = plan.times().rounds();
        for (int round = 1; round <= rounds; round++) {
            for (Servers servers : targets) {
                progress.turn(round, rounds, servers.description().name());
                turn(servers, round);
            }
        }
        return measurements;
    }

    /** A sentence for each step of the plan that a target can't do, and that is therefore not run. */
    static List<String> leftOut(Plan plan, List<? extends Servers> targets) {
        List<String> sentences = new ArrayList<>();
        for (Servers servers : targets) {
            plan.steps().stream()
                    .filter(step -> !isPossible(step, servers))
                    .map(step -> "%s is left out of %s: its keys have no order"
                            .formatted(servers.description().name(), step))
                    .forEach(sentences::add);
        }
        return sentences;
    }

    private static boolean isPossible(Step step, Servers servers) {
        return !step.workload().scans() || servers.address().kind().ordersKeys();
    }

    private void turn(Servers servers, int round) throws IOException, InterruptedException {
        Turn turn = new Turn(
                servers, new KeySpace(plan.data().keys()), round, Fsync.medianMicros(directory));
        servers.startAnew();
        try {
            load(turn);
            servers.restart();
            for (Step step : plan.steps()) {
                if (isPossible(step, servers)) {
                    progress.step(step);
                    measurements.add(measure(turn, step));
                }
            }
        } catch (IllegalStateException doesNotServe) {
            progress.line("# what %s printed:%n%s", servers.description().name(), servers.output());
            throw doesNotServe;
        } finally {
            servers.stop();
        }
    }

    private void load(Turn turn) throws InterruptedException {
        long begin = System.nanoTime();
        try (Target target = turn.servers().address().open()) {
            Meter meter = new Meter();
            Generator generator = Generator.start(
                    new Load.InFlight(LOADERS),
                    Requests.loading(turn.keys(), values, LOADERS),
                    new Call.Store(target, turn.keys(), meter));
            long loaded = 0;
            while (loaded < turn.keys().loaded() && meter.lastFailure().isEmpty()) {
                Thread.sleep(POLL_MS);
                loaded += meter.take().latencies().getTotalCount();
            }
            generator.stop();
            meter.lastFailure().ifPresent(reason -> {
                throw new IllegalStateException("loading failed: " + reason);
            });
        }
        progress.line(
                "# serving and loaded with %d keys after %.1f s",
                turn.keys().loaded(), (System.nanoTime() - begin) / 1e9);
    }

    private Measurement measure(Turn turn, Step step) throws IOException, InterruptedException {
        Plan.Times times = plan.times();
        try (Target target = turn.servers().address().open()) {
            Meter meter = new Meter();
            Generator generator = Generator.start(
                    step.load(),
                    Requests.of(step, turn.keys(), values, plan.seed() + turn.round()),
                    new Call.Store(target, turn.keys(), meter));
            List<Window> warmup = seconds(meter, "warm-up", times.warmupSeconds());
            progress.ended("Warm-up", Window.sum(warmup));
            boolean observed = observer.begin(turn.servers(), turn.round());
            if (observed) {
                // Switching it on takes the servers a moment.
                progress.ended("Observer begins", Window.sum(seconds(meter, "observer", 1)));
            }
            UsageMeter usage = new UsageMeter(turn.servers().pids());
            List<Window> iterations = new ArrayList<>();
            for (int i = 1; i < times.iterations(); i++) {
                iterations.add(iteration(meter, i));
            }
            List<Window> last =
                    seconds(meter, "iteration " + times.iterations(), times.iterationSeconds());
            generator.stop();
            last.add(meter.take());
            iterations.add(Window.sum(last));
            progress.ended(
                    "Iteration " + times.iterations(), iterations.get(iterations.size() - 1));
            Usage used = usage.stop();
            if (observed) {
                observer.end();
            }
            meter.lastFailure().ifPresent(reason -> progress.line("# a failure: %s", reason));
            return new Measurement(
                    turn.servers().description().name(),
                    step,
                    turn.round(),
                    warmup,
                    iterations,
                    used,
                    turn.fsyncMicros());
        }
    }

    private Window iteration(Meter meter, int number) throws InterruptedException {
        String name = "iteration " + number;
        Window window = Window.sum(seconds(meter, name, plan.times().iterationSeconds()));
        progress.ended("Iteration " + number, window);
        return window;
    }

    /** Second by second. */
    private List<Window> seconds(Meter meter, String phase, int count) throws InterruptedException {
        List<Window> windows = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Thread.sleep(SECOND_MS);
            Window window = meter.take();
            windows.add(window);
            progress.live("%s, %d/%d s".formatted(phase, i, count), window);
        }
        return windows;
    }
}
