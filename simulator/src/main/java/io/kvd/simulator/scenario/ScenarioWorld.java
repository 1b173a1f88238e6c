package io.kvd.simulator.scenario;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.engine.Timeline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The replicas of one run in one thread, and a {@link Referee} that is a process like the public one: it takes one
 * datagram from each socket, then looks at the clock, and waits if there was none. Every choice comes from one seed,
 * every datagram travels as text.
 */
final class ScenarioWorld implements Referee.Field {
    private static final long MILLI = 1_000_000;
    /** How long the judge takes for a datagram. */
    private static final long ROUTING_NANOS = 40_000;
    /** How long a process takes to end, at most. */
    private static final long MAX_ENDING_NANOS = 50 * MILLI;

    private final Links links;
    private final Timeline timeline = new Timeline(EventTrace.unread());
    private final SplittableRandom network;
    private final Referee referee;
    private final TreeMap<String, Node> nodes = new TreeMap<>();
    /** Until when the judge is at work. */
    private long busyNanos;
    /** Its next look around; only the newest plan counts. */
    private long plannedPassNanos = Long.MAX_VALUE;

    private long passNumber;

    /** A replica, its socket at the judge, and for when its next turn is planned. */
    private final class Node {
        private final String id;
        private final SplittableRandom random;
        private final ArrayDeque<String> socket = new ArrayDeque<>();
        private final List<DatagramReplica> running = new ArrayList<>();
        private long plannedNanos = Long.MAX_VALUE;
        private long wakeNumber;
        private long lastSentNanos;
        private long lastDeliveredNanos;

        private Node(String id, SplittableRandom random) {
            this.id = id;
            this.random = random;
        }

        private void start() {
            List<String> others = new ArrayList<>(nodes.keySet());
            others.remove(id);
            DatagramReplica replica = new DatagramReplica(id, others, random, this::sends, 0);
            running.add(replica);
            guarded(replica::start);
        }

        private void guarded(Runnable body) {
            DatagramReplica replica = running.get(0);
            try {
                body.run();
                replica.run(timeline.nowNanos());
            } catch (RuntimeException | AssertionError wrong) {
                running.clear();
                referee.died(id, String.valueOf(wrong));
                return;
            }
            if (replica.nextWakeNanos() < plannedNanos) {
                plannedNanos = replica.nextWakeNanos();
                long number = ++wakeNumber;
                timeline.at(plannedNanos, new Later("wake", id, () -> wake(number)));
            }
        }

        private void wake(long number) {
            // Only the newest plan counts.
            if (!running.isEmpty() && number == wakeNumber) {
                plannedNanos = Long.MAX_VALUE;
                guarded(() -> {});
            }
        }

        private void sends(Datagram datagram) {
            String text = checked(datagram.encode());
            long at = timeline.nowNanos() + latency();
            if (links.isOrdered()) {
                at = Math.max(at, lastSentNanos);
                lastSentNanos = at;
            }
            timeline.at(at, new Later("arrive", id, () -> arrive(text)));
        }

        private void arrive(String text) {
            if (referee.isListenedTo(id)) {
                socket.add(text);
                planPass(Math.max(busyNanos, timeline.nowNanos()));
            }
        }

        private void receives(String text) {
            long at = Math.max(busyNanos, timeline.nowNanos()) + latency();
            if (links.isOrdered()) {
                at = Math.max(at, lastDeliveredNanos);
                lastDeliveredNanos = at;
            }
            Datagram datagram = Datagram.decode(text)
                    .orElseThrow(() -> new AssertionError("can't be read back: " + text));
            timeline.at(at, new Later("deliver", id, () -> take(datagram)));
        }

        private void take(Datagram datagram) {
            if (!running.isEmpty()) {
                guarded(() -> running.get(0).receive(datagram));
            }
        }
    }

    ScenarioWorld(Scenario scenario, Links links, SplittableRandom random) {
        this.links = links;
        this.network = random.split();
        this.referee = new Referee(scenario, random.split(), this);
        for (String id : referee.replicas()) {
            nodes.put(id, new Node(id, random.split()));
        }
        for (Node node : nodes.values()) {
            long at = random.nextLong(links.startSpreadMs() * MILLI);
            timeline.at(at, new Later("start", node.id, node::start));
        }
    }

    ScenarioResult play(long seed) {
        planPass(0);
        while (!referee.isOver(timeline.nowNanos())) {
            timeline.stepUntil(Long.MAX_VALUE);
        }
        return referee.judge(seed, links);
    }

    private void planPass(long atNanos) {
        if (atNanos < plannedPassNanos) {
            plannedPassNanos = atNanos;
            long number = ++passNumber;
            timeline.at(atNanos, new Later("pass", "", () -> pass(number)));
        }
    }

    private void pass(long number) {
        if (number != passNumber) {
            return; // Another one was planned before it.
        }
        plannedPassNanos = Long.MAX_VALUE;
        busyNanos = timeline.nowNanos();
        boolean anyLeft = false;
        for (Node node : nodes.values()) {
            if (!node.socket.isEmpty()) {
                busyNanos += ROUTING_NANOS;
                referee.receive(node.id, node.socket.remove(), busyNanos);
                anyLeft |= !node.socket.isEmpty();
            }
        }
        referee.advance(busyNanos);
        planPass(anyLeft ? busyNanos : busyNanos + links.pollMs() * MILLI);
    }

    @Override
    public void deliver(String id, String text) {
        node(id).receives(text);
    }

    @Override
    public void kill(String id) {
        node(id).running.clear();
        node(id).socket.clear();
        if (links.isOrdered()) {
            busyNanos += network.nextLong(MAX_ENDING_NANOS);
        }
    }

    private Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new AssertionError("no replica " + id);
        }
        return node;
    }

    private long latency() {
        return network.nextLong(links.minLatencyNanos(), links.maxLatencyNanos());
    }

    private static String checked(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Datagram.MAX_BYTES) {
            throw new AssertionError("a datagram of " + bytes + " bytes");
        }
        return text;
    }
}
