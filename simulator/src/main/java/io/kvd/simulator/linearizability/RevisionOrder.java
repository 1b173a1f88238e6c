package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Response;
import io.kvd.simulator.linearizability.Counterexample.Blocked;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The order of revisions across keys, which judging key by key does not see: no two changes have the same revision,
 * and one that was called after some revision was told has a higher one (docs/semantics.md, Keys and revisions).
 */
final class RevisionOrder {
    private RevisionOrder() {}

    /** An answer, the revision of its change, and the highest that it tells. */
    private record Told(Invocation invocation, long change, long highest) {
        private long returnNanos() {
            return invocation.outcome().returnNanos();
        }
    }

    /** The first violation, if there is one. */
    static Optional<Counterexample> violation(List<Invocation> history) {
        List<Told> told = history.stream().flatMap(RevisionOrder::told).toList();
        Map<Long, Invocation> changes = new HashMap<>();
        for (Told one : told) {
            if (one.change() != Response.NOT_TOLD) {
                Invocation other = changes.putIfAbsent(one.change(), one.invocation());
                if (other != null) {
                    return Optional.of(violation(
                            "two changes were answered with revision " + one.change(),
                            other,
                            one.invocation()));
                }
            }
        }
        return steppedBack(told);
    }

    private static Optional<Counterexample> steppedBack(List<Told> told) {
        List<Told> byReturn = new ArrayList<>(told);
        byReturn.sort(Comparator.comparingLong(Told::returnNanos));
        List<Told> byCall = new ArrayList<>(told);
        byCall.sort(Comparator.comparingLong(one -> one.invocation().callNanos()));
        int returned = 0;
        Optional<Told> highest = Optional.empty();
        for (Told one : byCall) {
            while (byReturn.get(returned).returnNanos() < one.invocation().callNanos()) {
                Told before = byReturn.get(returned++);
                if (highest.isEmpty() || before.highest() > highest.get().highest()) {
                    highest = Optional.of(before);
                }
            }
            if (one.change() != Response.NOT_TOLD
                    && highest.isPresent()
                    && highest.get().highest() >= one.change()) {
                return Optional.of(violation(
                        "the second was called after the first had returned, and has no higher revision",
                        highest.get().invocation(),
                        one.invocation()));
            }
        }
        return Optional.empty();
    }

    private static Counterexample violation(String what, Invocation first, Invocation second) {
        return new Counterexample(
                Partition.keys(List.of(first, second)),
                what,
                List.of(),
                List.of(new Blocked(first, ""), new Blocked(second, "")));
    }

    private static Stream<Told> told(Invocation invocation) {
        long change = invocation.outcome() instanceof Ok ok
                ? Revisions.ofChange(ok.response())
                : Response.NOT_TOLD;
        return Revisions.areToldBy(invocation)
                ? Stream.of(new Told(invocation, change, Revisions.highest(invocation)))
                : Stream.empty();
    }
}
