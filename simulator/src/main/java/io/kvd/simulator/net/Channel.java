package io.kvd.simulator.net;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.engine.Event;
import io.kvd.simulator.faults.FaultKind;

import java.util.SplittableRandom;

/** One direction of one connection: frames arrive in the order sent, unless the network is told to do worse. */
public final class Channel {
    /** What is late is so by up to this many usual delays. */
    private static final int LATE_DELAYS = 10;

    private static final int VERY_LATE_DELAYS = 200;
    private static final int VERY_LATE_ONE_IN = 6;

    private final Network network;
    private final Path path;
    private final Guarantee guarantee;
    private final Receiver receiver;
    private long lastArrivalNanos;
    /** What leaves or arrives later than these never arrives: the connection is over. */
    private long lastDepartureNanos = Long.MAX_VALUE;

    private long endNanos = Long.MAX_VALUE;

    /** What the network may do to frames. */
    public enum Guarantee {
        /** Any of them may be lost, doubled, corrupted or late: what a transport between nodes may do. */
        MESSAGES,
        /** They arrive as they were sent, in order, until the connection breaks: TCP. */
        STREAM
    }

    /** The end of a channel. */
    @FunctionalInterface
    public interface Receiver {
        /** A frame's body came. */
        void arrived(Bytes body);
    }

    Channel(Network network, Path path, Guarantee guarantee, Receiver receiver) {
        this.network = network;
        this.path = path;
        this.guarantee = guarantee;
        this.receiver = receiver;
    }

    /** Sends a frame at that moment, now at the earliest. */
    public void send(Bytes body, long departureNanos) {
        boolean isDisturbed = guarantee == Guarantee.MESSAGES && !path.isUntroubled();
        if (isDisturbed) {
            sendDisturbed(body, departureNanos);
        } else {
            plan(body, departureNanos, inOrder(arrival(body, departureNanos)));
        }
    }

    private void sendDisturbed(Bytes body, long departureNanos) {
        SplittableRandom random = network.random();
        if (path.isFull(departureNanos)) {
            return;
        }
        if (happens(Path.Kind.LOSS, random)) {
            network.tally().count(FaultKind.LOSS);
            return;
        }
        Bytes sent = body;
        if (happens(Path.Kind.CORRUPTION, random)) {
            network.tally().count(FaultKind.CORRUPTION);
            sent = flipBit(body, random);
        }
        if (happens(Path.Kind.DUPLICATE, random)) {
            network.tally().count(FaultKind.DUPLICATE);
            plan(sent, departureNanos, arrival(sent, departureNanos) + late(random));
        }
        long arrival = arrival(sent, departureNanos);
        if (happens(Path.Kind.REORDER, random)) {
            network.tally().count(FaultKind.REORDER);
            plan(sent, departureNanos, arrival + late(random));
        } else {
            plan(sent, departureNanos, inOrder(arrival));
        }
    }

    private boolean happens(Path.Kind kind, SplittableRandom random) {
        double rate = path.rate(kind);
        return rate > 0 && random.nextDouble() < rate;
    }

    // Mostly enough for whole rounds to overtake it, sometimes for elections.
    private long late(SplittableRandom random) {
        int delays = random.nextInt(VERY_LATE_ONE_IN) == 0 ? VERY_LATE_DELAYS : LATE_DELAYS;
        return random.nextLong(1 + delays * path.delay().maxNanos());
    }

    private long arrival(Bytes body, long departureNanos) {
        double factor = Math.max(1, path.rate(Path.Kind.DELAY));
        long leaves = path.leaves(departureNanos, body.length());
        return leaves + (long) (path.delay().draw(network.random()) * factor);
    }

    private long inOrder(long arrivalNanos) {
        lastArrivalNanos = Math.max(lastArrivalNanos, arrivalNanos);
        return lastArrivalNanos;
    }

    private void plan(Bytes body, long departureNanos, long arrivalNanos) {
        network.timeline().at(arrivalNanos, new Arrival(body, departureNanos));
    }

    private static Bytes flipBit(Bytes body, SplittableRandom random) {
        byte[] flipped = body.toArray();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return Bytes.of(flipped);
    }

    /** Nothing arrives any more. */
    public void close() {
        endNanos = -1;
    }

    /** Nothing leaves after now, and of what is on its way only what arrives by {@code arrivalNanos} does. */
    public void end(long arrivalNanos) {
        lastDepartureNanos = Math.min(lastDepartureNanos, network.timeline().nowNanos());
        endNanos = Math.min(endNanos, arrivalNanos);
    }

    /** A frame that comes to the other end. */
    final class Arrival extends Event {
        private final Bytes body;
        private final long departureNanos;

        private Arrival(Bytes body, long departureNanos) {
            this.body = body;
            this.departureNanos = departureNanos;
        }

        @Override
        protected boolean isStale() {
            return atNanos() > endNanos || departureNanos > lastDepartureNanos;
        }

        @Override
        protected void happen() {
            if (path.isClogged() || (path.isCut() && guarantee == Guarantee.STREAM)) {
                path.held().addLast(this);
            } else if (!path.isCut()) {
                receiver.arrived(body);
            }
        }

        @Override
        protected String kind() {
            return "arrive";
        }

        @Override
        protected long fingerprint() {
            long ends = ((long) path.from() << 48) ^ ((long) path.to() << 32) ^ body.length();
            return body.length() < Long.BYTES
                    ? ends
                    : ends ^ body.longAt(body.length() - Long.BYTES);
        }

        @Override
        protected String describe() {
            String fate = path.isCut() ? " (cut)" : path.isClogged() ? " (clogged)" : "";
            return path + " " + body.length() + " bytes" + fate;
        }
    }
}
