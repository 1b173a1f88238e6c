package io.kvd.core.client;

/** Something that {@link Timers} wakes at a time: a call, a node, a session. Set at most once at any moment. */
abstract class Timer {
    /** On the driver's clock; meaningful while {@link #heapIndex} is not negative. Changed by {@link Timers} only. */
    long wakeNanos;

    /** Where {@link Timers} keeps it; -1 = not set. */
    int heapIndex = -1;
}
