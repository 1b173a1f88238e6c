package io.kvd.server.udp;

import io.kvd.simulator.scenario.Datagram;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Routes between replicas, and is their client: as much of a simulator as a test needs. */
final class SmallSimulator implements AutoCloseable {
    private static final String CLIENT = "C000";
    private static final int PATIENCE_MS = 30_000;
    private static final int POLL_MS = 100;

    private final DatagramSocket socket;
    private final byte[] buffer = new byte[Datagram.MAX_BYTES];
    private final TreeMap<String, SocketAddress> replicas = new TreeMap<>();
    private final TreeSet<String> dead = new TreeSet<>();
    private final List<Datagram> answers = new ArrayList<>();
    private String leader = Datagram.UNKNOWN;
    private int lastMid;

    SmallSimulator() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(POLL_MS);
    }

    int port() {
        return socket.getLocalPort();
    }

    String leader() {
        return leader;
    }

    /** Nothing comes from it or goes to it any more. */
    void bury(String id) {
        dead.add(id);
        leader = Datagram.UNKNOWN;
    }

    void awaitHellos(int count) throws IOException {
        routeUntil(() -> replicas.size() == count);
    }

    void awaitLeader() throws IOException {
        routeUntil(() -> !leader.equals(Datagram.UNKNOWN));
    }

    /** Asks until it is done, wherever it is sent; the value of a get. */
    String ask(String type, Map<String, String> fields) throws IOException {
        String to = leader;
        while (true) {
            Datagram answer = askOnce(to, type, fields);
            if (answer.type().equals(Datagram.OK)) {
                return answer.fields().getOrDefault("value", "");
            }
            to = answer.leader();
        }
    }

    Datagram askOnce(String to, String type, Map<String, String> fields) throws IOException {
        String mid = "m" + ++lastMid;
        Map<String, String> all = new TreeMap<>(fields);
        all.put("MID", mid);
        answers.clear();
        send(new Datagram(CLIENT, to, Datagram.UNKNOWN, type, all));
        routeUntil(() ->
                answers.stream().anyMatch(answer -> mid.equals(answer.fields().get("MID"))));
        return answers.get(answers.size() - 1);
    }

    private void routeUntil(BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE_MS + " ms: replicas " + replicas
                        + " leader " + leader);
            }
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException quiet) {
                continue;
            }
            String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
            route(Datagram.decode(text).orElseThrow(), packet.getSocketAddress());
        }
    }

    private void route(Datagram datagram, SocketAddress from) throws IOException {
        if (dead.contains(datagram.src())) {
            return;
        }
        replicas.put(datagram.src(), from);
        if (!datagram.leader().equals(Datagram.UNKNOWN) && !dead.contains(datagram.leader())) {
            leader = datagram.leader();
        }
        if (datagram.dst().equals(CLIENT)) {
            answers.add(datagram);
        } else if (!datagram.dst().equals(Datagram.EVERYONE)) {
            send(datagram);
        }
    }

    private void send(Datagram datagram) throws IOException {
        SocketAddress to = replicas.get(datagram.dst());
        if (to != null && !dead.contains(datagram.dst())) {
            byte[] bytes = datagram.encode().getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
