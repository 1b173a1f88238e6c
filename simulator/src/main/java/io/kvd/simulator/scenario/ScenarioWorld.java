package io.kvd.simulator.scenario;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.engine.Timeline;
import io.kvd.simulator.scenario.Scenario.Trouble;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Replicas and clients of one run in one thread, and the network between them. Every choice comes from one seed, every
 * datagram travels as text.
 */
final class ScenarioWorld {
    private static final int CLIENTS = 8;
    private static final long MILLI = 1_000_000;
    private static final long MIN_LATENCY_NANOS = MILLI / 5;
    private static final long MAX_LATENCY_NANOS = MILLI;
    /** Within it all replicas are started. */
    private static final long START_SPREAD_NANOS = 50 * MILLI;

    private final Scenario scenario;
    private final Timeline timeline = new Timeline(EventTrace.unread());
    private final ScenarioTally tally;
    private final SplittableRandom network;
    private final SplittableRandom choice;
    private final List<String> ids = new ArrayList<>();
    private final TreeMap<String, Node> alive = new TreeMap<>();
    private final List<ScenarioClient> clients = new ArrayList<>();
    /** Those that keep together during a partition; empty = all. */
    private final TreeSet<String> together = new TreeSet<>();
    /** As the replicas' messages say. */
    private String leader = Datagram.UNKNOWN;

    /** A running replica, and for when its next turn is planned. */
    private final class Node {
        private final String id;
        private final DatagramReplica replica;
        private long plannedNanos = Long.MAX_VALUE;

        private Node(String id, SplittableRandom random) {
            List<String> others = new ArrayList<>(ids);
            others.remove(id);
            this.id = id;
            this.replica = new DatagramReplica(
                    id, others, random, datagram -> sendFromReplica(datagram), timeline.nowNanos());
        }

        private void start() {
            guarded(replica::start);
        }

        private void receive(Datagram datagram) {
            guarded(() -> replica.receive(datagram));
        }

        private void guarded(Runnable body) {
            try {
                body.run();
                replica.run(timeline.nowNanos());
            } catch (RuntimeException | AssertionError wrong) {
                tally.died(id + ": " + wrong);
                alive.remove(id);
                return;
            }
            if (replica.nextWakeNanos() < plannedNanos) {
                plannedNanos = replica.nextWakeNanos();
                timeline.at(plannedNanos, new Later("wake", id, this::wake));
            }
        }

        private void wake() {
            if (alive.get(id) == this) {
                plannedNanos = Long.MAX_VALUE;
                guarded(() -> {});
            }
        }
    }

    ScenarioWorld(Scenario scenario, SplittableRandom random, ScenarioTally tally) {
        this.scenario = scenario;
        this.tally = tally;
        this.network = random.split();
        this.choice = random.split();
        for (int i = 0; i < scenario.replicas(); i++) {
            ids.add("%04X".formatted(i));
        }
        for (String id : ids) {
            SplittableRandom own = random.split();
            long at = choice.nextLong(START_SPREAD_NANOS);
            timeline.at(at, new Later("start", id, () -> start(id, own)));
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ScenarioClient("C%03X".formatted(i), this, random.split(), tally));
        }
    }

    private void start(String id, SplittableRandom random) {
        Node node = new Node(id, random);
        alive.put(id, node);
        node.start();
    }

    long nowNanos() {
        return timeline.nowNanos();
    }

    boolean isAlive(String id) {
        return alive.containsKey(id);
    }

    String anyReplica(SplittableRandom random) {
        List<String> living = List.copyOf(alive.keySet());
        return living.get(random.nextInt(living.size()));
    }

    void run() {
        long begin = scenario.startWaitMs() * MILLI;
        long lifetime = scenario.lifetimeMs() * MILLI;
        for (int i = 0; i < scenario.requests(); i++) {
            long at = begin + lifetime * i / scenario.requests();
            timeline.at(at, new Later("request", "", this::request));
        }
        for (Trouble trouble : scenario.events()) {
            long at = begin + trouble.atMs() * MILLI;
            timeline.at(
                    at, new Later("trouble", trouble.kind().name(), () -> happen(trouble.kind())));
        }
        long end = begin + lifetime + scenario.endWaitMs() * MILLI;
        while (timeline.stepUntil(end)) {
            // One event after the other.
        }
        clients.forEach(ScenarioClient::end);
    }

    private void request() {
        if (choice.nextDouble() >= scenario.mix()) {
            anyOf(clients).put();
            return;
        }
        List<ScenarioClient> able =
                clients.stream().filter(ScenarioClient::canGet).toList();
        if (able.isEmpty()) {
            tally.getNotGenerated();
        } else {
            anyOf(able).get();
        }
    }

    private ScenarioClient anyOf(List<ScenarioClient> some) {
        return some.get(choice.nextInt(some.size()));
    }

    private void happen(Scenario.Kind kind) {
        switch (kind) {
            case KILL_LEADER -> alive.remove(isAlive(leader) ? leader : anyReplica(choice));
            case KILL_NON_LEADER -> {
                List<String> others = new ArrayList<>(alive.keySet());
                others.remove(leader);
                alive.remove(others.get(choice.nextInt(others.size())));
            }
            case PART_EASY -> part(isAlive(leader) ? List.of(leader) : List.of());
            case PART_HARD -> part(List.of());
            case PART_END -> together.clear();
        }
    }

    private void part(List<String> first) {
        List<String> drawn = new ArrayList<>(ids);
        drawn.removeAll(first);
        for (int i = drawn.size() - 1; i > 0; i--) {
            Collections.swap(drawn, i, choice.nextInt(i + 1));
        }
        drawn.addAll(0, first);
        together.clear();
        together.addAll(drawn.subList(0, ids.size() / 2 + 1));
    }

    void sendFromClient(Datagram datagram) {
        tally.packet();
        travel(datagram, datagram.dst());
    }

    private void sendFromReplica(Datagram datagram) {
        if (!datagram.leader().equals(Datagram.UNKNOWN)) {
            leader = datagram.leader();
        }
        if (datagram.dst().equals(Datagram.EVERYONE)) {
            for (String id : ids) {
                if (!id.equals(datagram.src())) {
                    sendBetweenReplicas(datagram, id);
                }
            }
        } else if (ids.contains(datagram.dst())) {
            sendBetweenReplicas(datagram, datagram.dst());
        } else {
            tally.packet();
            travel(datagram, datagram.dst());
        }
    }

    private void sendBetweenReplicas(Datagram datagram, String to) {
        tally.packet();
        if (!datagram.type().equals(Datagram.HELLO)) {
            tally.message();
        }
        boolean isCut =
                !together.isEmpty() && together.contains(datagram.src()) != together.contains(to);
        boolean isDropped = network.nextDouble() < scenario.drops();
        if (!isCut && !isDropped) {
            travel(datagram, to);
        }
    }

    private void travel(Datagram datagram, String to) {
        String text = datagram.encode();
        if (text.length() > Datagram.MAX_BYTES) {
            tally.died(datagram.src() + ": a datagram of " + text.length() + " characters");
            return;
        }
        long latency = network.nextLong(MIN_LATENCY_NANOS, MAX_LATENCY_NANOS);
        timeline.after(latency, new Later("arrive", to, () -> arrive(text, to)));
    }

    private void arrive(String text, String to) {
        Datagram datagram = Datagram.decode(text)
                .orElseThrow(() -> new AssertionError("can't be read back: " + text));
        Node node = alive.get(to);
        if (node != null) {
            node.receive(datagram);
        }
        for (ScenarioClient client : clients) {
            if (client.id().equals(to)) {
                client.receive(datagram);
            }
        }
    }
}
