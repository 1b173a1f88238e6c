package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;
import io.kvd.client.Operations;
import io.kvd.core.client.Outcome;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a node counts and measures. A node makes figures once a second, for some seconds after somebody asked: who asks
 * first is told nothing.
 *
 * @param byName by the names of docs/metrics.md; empty if it did not tell
 */
record NodeFigures(Map<String, Double> byName) {
    static final NodeFigures NONE = new NodeFigures(Map.of());

    /** Two seconds together: twice of what it takes. */
    private static final int MAX_ASKS = 8;

    private static final long PAUSE_NANOS = 250_000_000;

    /** As {@link #ask}, but waits a moment for nodes that nobody asked lately. */
    static Map<String, NodeFigures> await(Caller caller, Settings settings, ClusterView view) {
        Map<String, NodeFigures> figures = ask(caller, settings, view);
        for (int asks = 1; asks < MAX_ASKS && figures.containsValue(NONE); asks++) {
            caller.pause(PAUSE_NANOS);
            figures = ask(caller, settings, view);
        }
        return figures;
    }

    /** Those of every member that is up and can tell, by its address; all are asked at once. */
    static Map<String, NodeFigures> ask(Caller caller, Settings settings, ClusterView view) {
        Map<String, Caller.Pending<Map<String, Double>>> pending = new TreeMap<>();
        for (NodeView node : view.nodes()) {
            if (node.isUp()) {
                pending.put(
                        node.address(),
                        caller.start(Operations.figures(node.address(), settings.callOptions())));
            }
        }
        Map<String, NodeFigures> figures = new TreeMap<>();
        pending.forEach((address, call) -> {
            if (caller.await(call) instanceof Outcome.Ok<Map<String, Double>> ok) {
                figures.put(address, new NodeFigures(ok.value()));
            }
        });
        return figures;
    }

    boolean isKnown() {
        return !byName.isEmpty();
    }

    /** 0 if it is not among them. */
    double figure(String name) {
        return byName.getOrDefault(name, 0.0);
    }

    /** Of the last minute; 0 = not known. */
    double fsyncP99Seconds() {
        return figure("kvd_log_persist_seconds_p99");
    }
}
