package io.kvd.simulator.scenario;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Replicas 0000, 0001, … whose datagrams arrive at once and in order, but for those that a test keeps back. */
final class DatagramCluster {
    static final String CLIENT = "C000";

    private static final long STEP_NANOS = 5_000_000;
    private static final int MAX_STEPS = 2_000;

    private final TreeMap<String, DatagramReplica> replicas = new TreeMap<>();
    private final ArrayDeque<Datagram> network = new ArrayDeque<>();
    /** Whose datagrams go nowhere, and who gets none but clients'. */
    private final TreeSet<String> cutOff = new TreeSet<>();

    final List<Datagram> sent = new ArrayList<>();
    final List<Datagram> answers = new ArrayList<>();
    private Predicate<Datagram> lost = datagram -> false;
    private long nowNanos;
    private int lastMid;

    DatagramCluster(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add("%04X".formatted(i));
        }
        for (String id : ids) {
            List<String> others = new ArrayList<>(ids);
            others.remove(id);
            replicas.put(
                    id,
                    new DatagramReplica(
                            id,
                            others,
                            new SplittableRandom(Long.parseLong(id, 16)),
                            datagram -> send(datagram),
                            nowNanos));
        }
        replicas.values().forEach(DatagramReplica::start);
        deliverAll();
    }

    private void send(Datagram datagram) {
        sent.add(datagram);
        if (datagram.dst().equals(CLIENT)) {
            answers.add(datagram);
        } else if (!lost.test(datagram)) {
            network.add(datagram);
        }
    }

    private void deliverAll() {
        while (!network.isEmpty()) {
            Datagram datagram = network.remove();
            boolean isCut = cutOff.contains(datagram.src()) || cutOff.contains(datagram.dst());
            DatagramReplica to = replicas.get(datagram.dst());
            if (to != null && !isCut) {
                to.receive(datagram);
                to.run(nowNanos);
            }
        }
    }

    void runFor(long millis) {
        long end = nowNanos + millis * 1_000_000;
        while (nowNanos < end) {
            nowNanos += STEP_NANOS;
            for (DatagramReplica replica : replicas.values()) {
                replica.run(nowNanos);
                deliverAll();
            }
        }
    }

    /** Runs until it is the only one that others name. */
    String awaitLeader() {
        for (int i = 0; i < MAX_STEPS; i++) {
            sent.clear();
            runFor(600);
            List<String> named = sent.stream()
                    .filter(datagram -> !cutOff.contains(datagram.src()))
                    .map(Datagram::leader)
                    .distinct()
                    .toList();
            if (named.size() == 1 && !named.get(0).equals(Datagram.UNKNOWN)) {
                return named.get(0);
            }
        }
        throw new AssertionError("no leader");
    }

    String someFollower(String leader) {
        return replicas.keySet().stream()
                .filter(id -> !id.equals(leader) && !cutOff.contains(id))
                .findFirst()
                .orElseThrow();
    }

    void cutOff(String id) {
        cutOff.add(id);
    }

    void heal() {
        cutOff.clear();
    }

    void lose(Predicate<Datagram> which) {
        lost = which;
    }

    /** Sends a request and returns its MID. */
    String put(String to, String key, String value) {
        String mid = "m" + ++lastMid;
        request(to, Datagram.PUT, Map.of("MID", mid, "key", key, "value", value));
        return mid;
    }

    String get(String to, String key) {
        String mid = "m" + ++lastMid;
        request(to, Datagram.GET, Map.of("MID", mid, "key", key));
        return mid;
    }

    /** Hands it the text of a datagram, as a socket would. */
    void receive(String to, String text) {
        Datagram.decode(text).ifPresent(datagram -> {
            DatagramReplica replica = replicas.get(to);
            if (replica != null) {
                replica.receive(datagram);
                replica.run(nowNanos);
            }
        });
        deliverAll();
    }

    void request(String to, String type, Map<String, String> fields) {
        DatagramReplica replica = replicas.get(to);
        if (replica != null) {
            replica.receive(new Datagram(CLIENT, to, Datagram.UNKNOWN, type, fields));
            replica.run(nowNanos);
        }
        deliverAll();
    }

    /** The types of the answers to the request, in order. */
    List<String> answersTo(String mid) {
        return answers.stream()
                .filter(answer -> answer.field("MID").equals(mid))
                .map(Datagram::type)
                .toList();
    }

    String valueOf(String mid) {
        return answers.stream()
                .filter(answer -> answer.field("MID").equals(mid))
                .findFirst()
                .orElseThrow()
                .field("value");
    }
}
