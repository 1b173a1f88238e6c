package io.kvd.server.udp;

import io.kvd.simulator.scenario.Datagram;
import io.kvd.simulator.scenario.DatagramReplica;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A {@link DatagramReplica} behind a socket of its own on the loopback interface, connected to the simulator's: on one
 * thread, the caller's, which waits for a datagram or for time to pass.
 */
public final class UdpReplica implements AutoCloseable {
    /** A simulator that nobody hears of for so long is gone, and its replicas with it. */
    private static final long ABANDONED_NANOS = 10_000_000_000L;

    /** Datagrams taken in before the replica works on them: it must also tick. */
    private static final int MAX_AT_ONCE = 256;

    private static final long MILLI = 1_000_000;

    private final DatagramChannel channel;
    private final Selector selector;
    private final DatagramReplica replica;
    private final ByteBuffer received = ByteBuffer.allocate(Datagram.MAX_BYTES + 1);
    private long heardNanos = System.nanoTime();
    /** Whether nobody listened at the simulator's port since it was last heard. */
    private boolean unreachable;

    private volatile boolean stopped;

    /**
     * Binds a free port. Says nothing yet.
     *
     * @param port the simulator's, on the loopback interface
     * @param id 4 hex digits
     * @param others the ids of all other replicas
     * @param ageNanos how long ago it was launched, and the others with it
     */
    public UdpReplica(int port, String id, List<String> others, long ageNanos) throws IOException {
        this.channel = DatagramChannel.open();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        channel.bind(new InetSocketAddress(loopback, 0));
        channel.connect(new InetSocketAddress(loopback, port));
        channel.configureBlocking(false);
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        this.replica = new DatagramReplica(
                id,
                others,
                new SplittableRandom(),
                this::send,
                System.nanoTime() - ageNanos + handicapNanos(ageNanos));
    }

    // One that took long to start is on a busy machine, and the others may take longer: it is in no
    // hurry to speak to
    // them, 4 s after the launch or half as long again as it took itself.
    private static long handicapNanos(long ageNanos) {
        return Math.max(0, ageNanos + ageNanos / 2 - DatagramReplica.QUIET_NANOS);
    }

    /** Says hello and serves until it is stopped or the simulator is gone. */
    public void run() throws IOException {
        replica.start();
        while (!stopped && !isAbandoned()) {
            long waitNanos = replica.nextWakeNanos() - System.nanoTime();
            if (waitNanos > 0) {
                selector.select(Math.max(1, Math.round((double) waitNanos / MILLI)));
            }
            receiveAll();
            replica.run(System.nanoTime());
        }
    }

    private void receiveAll() throws IOException {
        selector.selectedKeys().clear();
        for (int i = 0; i < MAX_AT_ONCE; i++) {
            received.clear();
            int bytes;
            try {
                bytes = channel.read(received);
            } catch (PortUnreachableException nobody) {
                unreachable = true;
                continue;
            }
            if (bytes <= 0) {
                return;
            }
            heardNanos = System.nanoTime();
            unreachable = false;
            received.flip();
            text(received).flatMap(Datagram::decode).ifPresent(replica::receive);
        }
    }

    // What is no UTF-8 is no JSON; made readable, it could be put as another value.
    private static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException garbage) {
            return Optional.empty();
        }
    }

    /** For the replica that is this whole process: how long ago it was launched. */
    public static long processAgeNanos() {
        return ProcessAge.nanos();
    }

    // Like any datagram it may be lost: the socket's buffer may be full.
    private void send(Datagram datagram) {
        try {
            channel.write(ByteBuffer.wrap(datagram.encode().getBytes(StandardCharsets.UTF_8)));
        } catch (PortUnreachableException nobody) {
            unreachable = true;
        } catch (IOException lost) {
            return;
        }
    }

    private boolean isAbandoned() {
        return unreachable && System.nanoTime() - heardNanos > ABANDONED_NANOS;
    }

    /** {@link #run} returns soon. May be called on any thread. */
    public void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
