package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.linearizability.Search.Progress;
import io.kvd.simulator.linearizability.Search.Result;

import java.util.List;
import java.util.Optional;

/**
 * Judges whether a history is linearizable (Herlihy and Wing 1990): whether each operation can be thought to happen at
 * one moment between its call and its return, such that a store with one copy, empty at first, gives these answers.
 *
 * <p>An operation with an unknown outcome may happen at any time from its call on, or never; one that failed never
 * happens. Revisions are judged with the values: a key has the mod revision that its change was answered, changes
 * happen in the order of their revisions, and each takes one of its own, answered or not. A wrong "no" or a wrong "yes" is a bug;
 * "undecided" is what is left when the budget ends.
 */
public final class LinearizabilityChecker {
    private static final Verdict YES = new Verdict.Linearizable();

    private final Budget budget;
    private long steps;

    public LinearizabilityChecker(Budget budget) {
        this.budget = budget;
    }

    /** Judges the history; its operations may be in any order. */
    public Verdict check(List<Invocation> history) {
        steps = 0;
        Optional<Counterexample> disorder = RevisionOrder.violation(history);
        if (disorder.isPresent()) {
            return new Verdict.NotLinearizable(disorder.get());
        }
        Verdict verdict = YES;
        for (Partition partition : Partition.of(history)) {
            Verdict part = judge(partition);
            if (part instanceof Verdict.NotLinearizable) {
                return part;
            }
            verdict = part.equals(YES) ? verdict : part;
        }
        return verdict;
    }

    /** Operations tried by the last {@link #check}: its cost, without the machine's speed. */
    public long steps() {
        return steps;
    }

    private Verdict judge(Partition partition) {
        Problem problem = ProblemBuilder.build(partition);
        Tally tally = new Tally(problem);
        Optional<Counterexample> unwritten = Unwritten.in(problem, tally);
        if (unwritten.isPresent()) {
            return new Verdict.NotLinearizable(unwritten.get());
        }
        Search search = new Search(problem, tally, budget);
        Result result = search.run();
        steps += search.steps();
        return switch (result) {
            case FOUND -> YES;
            case OUT_OF_STEPS ->
                new Verdict.Undecided(
                        partition.keys(), "more than " + budget.steps() + " steps are needed");
            case OUT_OF_MEMORY ->
                new Verdict.Undecided(
                        partition.keys(), "more than " + budget.bytes() + " bytes are needed");
            case NONE -> new Verdict.NotLinearizable(explain(partition, search.furthest()));
        };
    }

    /** Goes once more to where the search got furthest. */
    private Counterexample explain(Partition partition, Progress furthest) {
        Problem problem = ProblemBuilder.build(partition);
        Search again = new Search(problem, new Tally(problem), budget);
        again.run(furthest);
        List<Invocation> prefix = again.placedSoFar().stream()
                .filter(piece -> !piece.isWitness())
                .map(piece -> piece.invocation)
                .toList();
        return new Counterexample(
                partition.keys(),
                "none of the operations under way can come next",
                prefix,
                again.blocked());
    }
}
