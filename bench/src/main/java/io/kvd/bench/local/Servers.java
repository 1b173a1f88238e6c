package io.kvd.bench.local;

import io.kvd.bench.target.TargetAddress;

import java.util.List;

/** The servers of one target. */
public interface Servers {

    /** What they are, for people: name, version, number of nodes, and how durable an acknowledged put is. */
    Description description();

    /** For people: of what kind, and anything that a reader of the figures must know. */
    record Description(String name, String version, int nodes, String remark) {}

    /** Empty data, running. Nobody has waited until they serve. */
    void startAnew();

    /** Stops and starts them with the data they have. */
    void restart();

    /** Stops them and removes their data. */
    void stop();

    /** Where they listen; after {@link #startAnew}. */
    TargetAddress address();

    /** The processes, if they run on this machine and it is known which they are. */
    List<Long> pids();
}
