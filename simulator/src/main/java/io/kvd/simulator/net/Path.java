package io.kvd.simulator.net;

import io.kvd.simulator.engine.Delay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One direction between two hosts, and what is wrong with it at the moment. One thread. */
public final class Path {
    /** What would have to wait for longer than this is dropped, as by a transport whose buffer is full. */
    private static final long MAX_QUEUE_NANOS = 500_000_000;

    private final int from;
    private final int to;
    private final Delay delay;
    private final List<Trouble> troubles = new ArrayList<>();
    /** What arrived while it was clogged, in order. */
    private final ArrayDeque<Channel.Arrival> held = new ArrayDeque<>();

    /** How many faults cut it at the moment: cuts may overlap. */
    private int cuts;
    /** How many faults clog it at the moment. */
    private int clogs;
    /** When what has been sent will have left, at a limited bandwidth. */
    private long freeAtNanos;

    /**
     * Something that is wrong for a while.
     *
     * @param rate for a kind that happens to frames by chance, its probability; for DELAY a factor; for BANDWIDTH
     *     bytes a second
     */
    public record Trouble(Kind kind, double rate) {}

    /** What can be wrong with a path that still carries something. */
    public enum Kind {
        LOSS,
        DELAY,
        REORDER,
        DUPLICATE,
        CORRUPTION,
        BANDWIDTH
    }

    Path(int from, int to, Delay delay) {
        this.from = from;
        this.to = to;
        this.delay = delay;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    Delay delay() {
        return delay;
    }

    public boolean isCut() {
        return cuts > 0;
    }

    boolean isClogged() {
        return clogs > 0;
    }

    void cut() {
        cuts++;
    }

    void join() {
        cuts = Math.max(0, cuts - 1);
    }

    void clog() {
        clogs++;
    }

    void unclog() {
        clogs = Math.max(0, clogs - 1);
    }

    void heal() {
        cuts = 0;
        clogs = 0;
        troubles.clear();
    }

    public void begin(Trouble trouble) {
        troubles.add(trouble);
    }

    /** Ends one that {@link #begin} began; nothing if the path was healed meanwhile. */
    public void end(Trouble trouble) {
        troubles.remove(trouble);
    }

    /** The largest rate of the kind, 0 if there is no such trouble. */
    double rate(Kind kind) {
        double rate = 0;
        for (int i = 0; i < troubles.size(); i++) {
            Trouble trouble = troubles.get(i);
            rate = trouble.kind() == kind ? Math.max(rate, trouble.rate()) : rate;
        }
        return rate;
    }

    boolean isUntroubled() {
        return troubles.isEmpty();
    }

    ArrayDeque<Channel.Arrival> held() {
        return held;
    }

    /** Whether so much waits for a limited bandwidth that nothing more is taken. */
    boolean isFull(long departureNanos) {
        return freeAtNanos - departureNanos > MAX_QUEUE_NANOS && rate(Kind.BANDWIDTH) > 0;
    }

    /** When the last byte of a frame leaves that is handed in at {@code departureNanos}. */
    long leaves(long departureNanos, int bytes) {
        double bytesPerSecond = rate(Kind.BANDWIDTH);
        if (bytesPerSecond == 0) {
            return departureNanos;
        }
        long takesNanos = Math.min(MAX_QUEUE_NANOS, (long) (bytes / bytesPerSecond * 1e9));
        freeAtNanos = Math.max(freeAtNanos, departureNanos) + takesNanos;
        return freeAtNanos;
    }

    @Override
    public String toString() {
        return from + ">" + to;
    }
}
