package io.kvd.simulator.linearizability;

import java.util.List;
import java.util.Optional;

/** Finds answers that no search can explain: they hold a value which nobody can have written. */
final class Unwritten {
    private Unwritten() {}

    static Optional<Counterexample> in(Problem problem, Tally tally) {
        for (Piece piece : problem.required()) {
            for (int value : piece.footprint.reads().values()) {
                if (value != Footprint.ANY
                        && !problem.values().isAbsent(value)
                        && tally.isLost(value)) {
                    return Optional.of(new Counterexample(
                            List.of(problem.keys().get(problem.values().key(value))),
                            "no operation that took effect has written this value",
                            List.of(),
                            List.of(new Counterexample.Blocked(piece.invocation, ""))));
                }
            }
        }
        return Optional.empty();
    }
}
