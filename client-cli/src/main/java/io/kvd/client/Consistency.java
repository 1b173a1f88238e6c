package io.kvd.client;

import java.time.Duration;

/** What a read may show. */
public sealed interface Consistency {

    /** Every write that was acknowledged before the read began, whoever made it. The default. */
    record Linearizable() implements Consistency {}

    /** The state of whichever node is asked; its revision is in the answer. May be arbitrarily old. */
    record Stale() implements Consistency {}

    /** A state not older than the revision: read your own writes on any node. */
    record AtLeast(long revision) implements Consistency {}

    /** The state of a node that heard from a leader with a quorum so recently. */
    record Bounded(Duration maxStaleness) implements Consistency {}

    Consistency LINEARIZABLE = new Linearizable();
    Consistency STALE = new Stale();
}
