package io.kvd.server.udp;

import io.kvd.simulator.scenario.Datagram;
import io.kvd.simulator.scenario.Links;
import io.kvd.simulator.scenario.Referee;
import io.kvd.simulator.scenario.Scenario;
import io.kvd.simulator.scenario.ScenarioResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Plays a scenario in real time: each replica is a process, with a socket of its own at the judge, on the loopback
 * interface. As the public judge does: one datagram from each socket, then a look at the clock, on one thread, the
 * caller's.
 */
public final class ProcessScenario implements Referee.Field, AutoCloseable {
    private static final int POLL_MS = 100;
    /** A process that was told to end and does not is ended. */
    private static final int ENDING_SECONDS = 10;

    private final Selector selector;
    private final Referee referee;
    private final TreeMap<String, Replica> replicas = new TreeMap<>();
    private final ByteBuffer received = ByteBuffer.allocate(Datagram.MAX_BYTES + 1);

    /** A process, the socket that it speaks with, and where it listens: unresolved until its hello. */
    private static final class Replica {
        private final DatagramChannel channel;
        private final Process process;
        private SocketAddress address = InetSocketAddress.createUnresolved("unknown", 0);

        private Replica(DatagramChannel channel, Process process) {
            this.channel = channel;
            this.process = process;
        }
    }

    private ProcessScenario(Scenario scenario, long seed) throws IOException {
        this.selector = Selector.open();
        this.referee = new Referee(scenario, new SplittableRandom(seed), this);
    }

    /**
     * Takes as long as the scenario says.
     *
     * @param seed draws requests, losses and partitions; two runs differ all the same
     * @param program begins a replica's command line: port, own id and the others' follow
     */
    public static ScenarioResult play(Scenario scenario, long seed, List<String> program)
            throws IOException {
        try (ProcessScenario run = new ProcessScenario(scenario, seed)) {
            long launchedNanos = System.nanoTime();
            for (String id : run.referee.replicas()) {
                run.launch(id, program);
            }
            while (!run.referee.isOver(System.nanoTime() - launchedNanos)) {
                run.pass(launchedNanos);
            }
            return run.referee.judge(seed, Links.LOOPBACK);
        }
    }

    private void launch(String id, List<String> program) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, id);
        List<String> command = new ArrayList<>(program);
        command.add(Integer.toString(channel.socket().getLocalPort()));
        command.add(id);
        referee.replicas().stream().filter(other -> !other.equals(id)).forEach(command::add);
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        replicas.put(id, new Replica(channel, process));
    }

    private void pass(long launchedNanos) throws IOException {
        selector.select(POLL_MS);
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (key.isValid()) {
                receiveOne((String) key.attachment(), launchedNanos);
            }
        }
        selector.selectedKeys().clear();
        referee.advance(System.nanoTime() - launchedNanos);
    }

    private void receiveOne(String id, long launchedNanos) throws IOException {
        Replica replica = replica(id);
        received.clear();
        SocketAddress from = replica.channel.receive(received);
        if (from == null) {
            return;
        }
        received.flip();
        replica.address = from;
        String text = StandardCharsets.UTF_8.decode(received).toString();
        referee.receive(id, text, System.nanoTime() - launchedNanos);
    }

    @Override
    public void deliver(String id, String text) {
        Replica replica = replica(id);
        try {
            replica.channel.send(
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), replica.address);
        } catch (IOException gone) {
            referee.died(id, "can't be sent to: " + gone.getMessage());
        }
    }

    @Override
    public void kill(String id) {
        end(replica(id));
    }

    private Replica replica(String id) {
        Replica replica = replicas.get(id);
        if (replica == null) {
            throw new AssertionError("no replica " + id);
        }
        return replica;
    }

    private static void end(Replica replica) {
        try {
            replica.channel.close();
            replica.process.destroy();
            if (!replica.process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                replica.process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            replica.process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        replicas.values().forEach(ProcessScenario::end);
        selector.close();
    }
}
