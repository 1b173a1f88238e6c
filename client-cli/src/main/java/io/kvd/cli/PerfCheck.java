package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;
import io.kvd.client.CallOptions;
import io.kvd.client.Consistency;
import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Puts a cluster under a load for a while, and measures what came of it. Leaves no key behind, interrupted or not. */
final class PerfCheck {
    /** An odd number, so that there is one in the middle. */
    private static final int PINGS = 11;

    private static final long NANOS_A_MICRO = 1_000;

    private final Invocation invocation;
    private final Settings settings;
    private final PerfLoad load;
    private final PerfKeys keys;
    private final BooleanSupplier interrupted;

    PerfCheck(Invocation invocation, PerfLoad load, Bytes prefix, BooleanSupplier interrupted) {
        this.invocation = invocation;
        this.settings = invocation.settings().withSession();
        this.load = load;
        this.interrupted = interrupted;
        CallOptions options = settings.callOptions().withConsistency(Consistency.LINEARIZABLE);
        this.keys = new PerfKeys(prefix, options);
    }

    /**
     * What was measured.
     *
     * @param figures of the nodes at the end of the puts, by address
     * @param roundTripMicros to each node that is up and back, before the load, by address
     */
    record Measurement(
            ClusterView view,
            OpenLoop.Result puts,
            OpenLoop.Result gets,
            Map<String, NodeFigures> figures,
            Map<String, Long> roundTripMicros) {}

    /** Returns nothing if it was interrupted. @throws Failure it could not be carried out */
    Optional<Measurement> run() {
        try (Caller caller = Caller.withSession(settings)) {
            ClusterView view = StatusCommand.ask(caller, settings);
            keys.refuseOthers(caller, settings);
            Map<String, Long> roundTrips = roundTrips(caller, view);
            try {
                OpenLoop.Result puts = run(new OpenLoop(caller, interrupted, keys::put), "puts");
                Map<String, NodeFigures> figures = NodeFigures.await(caller, settings, view);
                OpenLoop.Result gets =
                        run(new OpenLoop(caller, interrupted, number -> keys.get()), "gets");
                return interrupted.getAsBoolean()
                        ? Optional.empty()
                        : Optional.of(new Measurement(view, puts, gets, figures, roundTrips));
            } finally {
                deleteKeys(caller);
            }
        }
    }

    private OpenLoop.Result run(OpenLoop loop, String noun) {
        PerfProgress progress = new PerfProgress(invocation, load, noun);
        OpenLoop.Result result = loop.run(load, progress);
        progress.end();
        return result;
    }

    private Map<String, Long> roundTrips(Caller caller, ClusterView view) {
        Map<String, Long> micros = new TreeMap<>();
        for (NodeView node : view.nodes()) {
            if (node.isUp()) {
                roundTripMicros(caller, node.address())
                        .ifPresent(median -> micros.put(node.address(), median));
            }
        }
        return micros;
    }

    /** The median, connected before; nothing if the node ceases to answer. */
    private Optional<Long> roundTripMicros(Caller caller, String address) {
        long[] nanos = new long[PINGS];
        for (int i = 0; i < PINGS; i++) {
            long startNanos = System.nanoTime();
            Outcome<String> outcome = caller.call(Operations.ping(address, settings.callOptions()));
            if (!(outcome instanceof Outcome.Ok<String>)) {
                return Optional.empty();
            }
            nanos[i] = System.nanoTime() - startNanos;
        }
        Arrays.sort(nanos);
        return Optional.of(nanos[PINGS / 2] / NANOS_A_MICRO);
    }

    /** What was measured is told all the same if this fails. */
    private void deleteKeys(Caller caller) {
        try {
            keys.delete(caller, settings);
        } catch (Failure e) {
            invocation
                    .console()
                    .printError("kvctl: some keys of this check are left; the next one with this"
                            + " prefix deletes them: " + e.what() + "\n");
        }
    }
}
