package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;

import java.util.List;

/** What the judge says of a history. */
public sealed interface Verdict {

    /** Some order of the operations, which keeps to their times, explains every answer. */
    record Linearizable() implements Verdict {}

    /** No order does. */
    record NotLinearizable(Counterexample counterexample) implements Verdict {}

    /**
     * The budget was used up on these keys before an order was found or ruled out. Not a yes.
     *
     * @param reason what there was too little of
     */
    record Undecided(List<Bytes> keys, String reason) implements Verdict {
        public Undecided {
            keys = List.copyOf(keys);
        }
    }
}
