package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;

import java.util.List;

/**
 * Why a history is not linearizable.
 *
 * @param keys that can't be explained, ascending
 * @param what is wrong, in a sentence
 * @param prefix operations on these keys that can be placed, in an order that gets as far as any
 * @param blocked operations of which none can come next, though one has to; the first returned first
 */
public record Counterexample(
        List<Bytes> keys, String what, List<Invocation> prefix, List<Blocked> blocked) {
    /**
     * An operation that can't come next.
     *
     * @param why in a sentence; empty if there is nothing to add
     */
    public record Blocked(Invocation invocation, String why) {}

    public Counterexample {
        keys = List.copyOf(keys);
        prefix = List.copyOf(prefix);
        blocked = List.copyOf(blocked);
    }
}
