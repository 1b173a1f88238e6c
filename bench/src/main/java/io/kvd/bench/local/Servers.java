package io.kvd.bench.local;

import io.kvd.bench.target.TargetAddress;

import java.util.List;

/** The servers of one target. */
public interface Servers {

    Description description();

    /**
     * What they are, for people.
     *
     * @param name different from those of the other targets of a run
     * @param version empty if it is not known
     * @param remark how durable an acknowledged put is, and what else a reader of the figures must know
     */
    record Description(String name, String version, int nodes, String remark) {
        @Override
        public String toString() {
            String size = nodes == 1 ? "1 node" : nodes + " nodes";
            return "%s %s, %s: %s".formatted(name, version, size, remark).replace(" ,", ",");
        }
    }

    /** Empty data, running. Nobody has waited until they serve. */
    void startAnew();

    /** Stops and starts them with the data they have. */
    void restart();

    /** Stops them and removes their data. */
    void stop();

    /** Where they listen. The hosts are known from {@link #startAnew} on. */
    TargetAddress address();

    /** What they printed, as far as it is known; for who wonders why they don't serve. */
    String output();

    /** The processes, if they run on this machine and it is known which they are. */
    List<Long> pids();
}
