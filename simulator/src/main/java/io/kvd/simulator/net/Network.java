package io.kvd.simulator.net;

import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.engine.Timeline;
import io.kvd.simulator.faults.FaultTally;

import java.util.SplittableRandom;

/** All paths between hosts, which are numbered from 0. One thread. */
public final class Network {
    private final Timeline timeline;
    private final SplittableRandom random;
    private final FaultTally tally;
    private final Path[][] paths;

    public Network(
            int hostCount,
            Delay delay,
            Timeline timeline,
            SplittableRandom random,
            FaultTally tally) {
        this.timeline = timeline;
        this.random = random;
        this.tally = tally;
        this.paths = new Path[hostCount][hostCount];
        for (int from = 0; from < hostCount; from++) {
            for (int to = 0; to < hostCount; to++) {
                paths[from][to] = new Path(from, to, delay);
            }
        }
    }

    Timeline timeline() {
        return timeline;
    }

    SplittableRandom random() {
        return random;
    }

    FaultTally tally() {
        return tally;
    }

    public int hostCount() {
        return paths.length;
    }

    public Path path(int from, int to) {
        return paths[from][to];
    }

    /** One direction of a new connection. */
    public Channel channel(
            int from, int to, Channel.Guarantee guarantee, Channel.Receiver receiver) {
        return new Channel(this, paths[from][to], guarantee, receiver);
    }

    /** How long a small packet takes now. */
    public long delayNanos(int from, int to) {
        Path path = paths[from][to];
        return (long) (path.delay().draw(random) * Math.max(1, path.rate(Path.Kind.DELAY)));
    }

    /** Nothing passes from the one to the other, until as many {@link #join} as cuts. */
    public void cut(int from, int to) {
        paths[from][to].cut();
    }

    public void join(int from, int to) {
        paths[from][to].join();
        release(paths[from][to]);
    }

    /** What comes from the one to the other is held back, until as many {@link #unclog} as clogs. */
    public void clog(int from, int to) {
        paths[from][to].clog();
    }

    public void unclog(int from, int to) {
        paths[from][to].unclog();
        release(paths[from][to]);
    }

    /** Ends whatever is wrong between the two, in both directions. */
    public void heal(int one, int other) {
        for (Path path : new Path[] {paths[one][other], paths[other][one]}) {
            path.heal();
            release(path);
        }
    }

    private void release(Path path) {
        if (path.isClogged() || path.isCut()) {
            return;
        }
        while (!path.held().isEmpty()) {
            timeline.after(0, path.held().removeFirst());
        }
    }
}
