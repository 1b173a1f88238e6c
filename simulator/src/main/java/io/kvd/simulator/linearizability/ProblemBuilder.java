package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Prepares a partition: what was unknown and shows becomes required, and what can be said about order is said. */
final class ProblemBuilder {
    private final Partition partition;
    private final int keys;
    private final Compiler compiler;
    private final Values values;
    private final List<Draft> drafts = new ArrayList<>();

    private BitSet appended = new BitSet();

    /** An operation on its way to a piece. */
    private static final class Draft {
        private final Invocation invocation;
        private Compiler.Compiled compiled;
        private long returnNanos;
        /** Of its own change. */
        private long revision;

        private Draft(
                Invocation invocation,
                Compiler.Compiled compiled,
                long returnNanos,
                long revision) {
            this.invocation = invocation;
            this.compiled = compiled;
            this.returnNanos = returnNanos;
            this.revision = revision;
        }

        private boolean isRequired() {
            return returnNanos != Long.MAX_VALUE;
        }

        private Footprint footprint() {
            return compiled.footprint();
        }
    }

    private ProblemBuilder(Partition partition) {
        this.partition = partition;
        this.keys = partition.keys().size();
        this.compiler = new Compiler(List.copyOf(partition.keys()));
        this.values = compiler.values();
    }

    static Problem build(Partition partition) {
        return new ProblemBuilder(partition).build();
    }

    private Problem build() {
        for (Invocation invocation : partition.invocations()) {
            drafts.add(draft(invocation));
        }
        appended = keysOf(d -> d.footprint().appends());
        requireWhatShows();
        List<Piece> required = new ArrayList<>();
        List<Piece> unknown = new ArrayList<>();
        for (Draft draft : drafts) {
            Piece piece =
                    new Piece(draft.invocation, draft.compiled, draft.returnNanos, draft.revision);
            (draft.isRequired() ? required : unknown).add(piece);
        }
        List<Piece> all = new ArrayList<>(required);
        all.addAll(unknown);
        orderByClient(all);
        ToldRevisions told = toldRevisions();
        required.addAll(Witnesses.of(required, values, told));
        required.sort(Comparator.comparingLong(Piece::callNanos));
        for (int i = 0; i < required.size(); i++) {
            required.get(i).index = i;
        }
        RevisionPrecedence.add(required);
        List<List<Piece>> optional = classes(unknown);
        return new Problem(
                partition.keys(),
                values,
                required,
                optional,
                told,
                appended,
                plainKeys(),
                chainedKeys(unknown),
                appendsInBatch(unknown));
    }

    private Draft draft(Invocation invocation) {
        if (invocation.outcome() instanceof Invocation.Ok ok) {
            Compiler.Compiled compiled = compiler.answered(invocation.operation(), ok.response());
            return new Draft(
                    invocation, compiled, ok.returnNanos(), Revisions.ofChange(ok.response()));
        }
        return new Draft(
                invocation,
                compiler.effect(invocation.operation(), Response.NOT_TOLD),
                Long.MAX_VALUE,
                Response.NOT_TOLD);
    }

    /**
     * A value that somebody saw, and that only one operation can have written, was written by it before the first who
     * saw it returned: so that one is no longer unknown. Where keys are appended to, values have no single writer.
     */
    private void requireWhatShows() {
        boolean found = drafts.stream().anyMatch(draft -> !draft.isRequired());
        while (found) {
            found = false;
            Sightings sightings = new Sightings(values.size());
            for (Draft draft : drafts) {
                sightings.add(draft);
            }
            for (Draft draft : drafts) {
                if (!draft.isRequired()) {
                    found |= requireIfSeen(draft, sightings);
                }
            }
        }
    }

    private boolean requireIfSeen(Draft draft, Sightings sightings) {
        for (int value : draft.footprint().writtenValues()) {
            // Seen before it was called: left to the search, which will not find a place for it.
            if (!values.isAbsent(value)
                    && !appended.get(values.key(value))
                    && sightings.writers[value] == 1
                    && sightings.firstReturn[value] != Long.MAX_VALUE
                    && sightings.firstReturn[value] >= draft.invocation.callNanos()) {
                draft.returnNanos = sightings.firstReturn[value];
                draft.revision = sightings.revisions[value];
                draft.compiled = compiler.effect(draft.invocation.operation(), draft.revision);
                return true;
            }
        }
        return false;
    }

    /** Who may have written each value, and when it was first seen. */
    private final class Sightings {
        private final int[] writers;
        private final long[] firstReturn;
        private final long[] revisions;

        private Sightings(int count) {
            this.writers = new int[count];
            this.firstReturn = new long[count];
            this.revisions = new long[count];
            Arrays.fill(firstReturn, Long.MAX_VALUE);
            Arrays.fill(revisions, Response.NOT_TOLD);
        }

        private void add(Draft draft) {
            int[] written = draft.footprint().writtenValues();
            Arrays.stream(written).distinct().forEach(value -> writers[value]++);
            Footprint.Reads reads = draft.footprint().reads();
            for (int i = 0; draft.isRequired() && i < reads.size(); i++) {
                int value = reads.value(i);
                if (value != Footprint.ANY && !values.isAbsent(value)) {
                    firstReturn[value] = Math.min(firstReturn[value], draft.returnNanos);
                    revisions[value] = Math.max(revisions[value], reads.revision(i));
                }
            }
        }
    }

    /** A client that calls at the very time of its last return calls after it; of two clients, nobody knows. */
    private static void orderByClient(List<Piece> pieces) {
        pieces.sort(Comparator.comparingLong(Piece::callNanos));
        Map<Long, Piece> answered = new HashMap<>();
        for (Piece piece : pieces) {
            Piece before = answered.get(piece.invocation.client());
            if (before != null && before.returnNanos == piece.callNanos()) {
                piece.predecessors.add(before);
            }
            if (piece.invocation.outcome() instanceof Invocation.Ok) {
                answered.put(piece.invocation.client(), piece);
            }
        }
    }

    /** In order of calls, those together that do the same: then which of them is placed makes no difference. */
    private List<List<Piece>> classes(List<Piece> unknown) {
        record UnreadPut(Bytes key) {}

        int[] mentions = new int[values.size()];
        for (Draft draft : drafts) {
            for (int value : draft.footprint().mentions()) {
                mentions[value]++;
            }
        }
        unknown.sort(Comparator.comparingLong(Piece::callNanos));
        Map<Object, List<Piece>> classes = new LinkedHashMap<>();
        for (Piece piece : unknown) {
            Object name = piece.invocation.operation();
            if (name instanceof Operation.Put put) {
                int value = piece.footprint.writtenValues()[0];
                boolean unread = mentions[value] == 0 && !appended.get(values.key(value));
                name = unread ? new UnreadPut(put.key()) : put;
            }
            if (!piece.predecessors.isEmpty()) {
                name = piece;
            }
            classes.computeIfAbsent(name, n -> new ArrayList<>()).add(piece);
        }
        List<List<Piece>> ordered = List.copyOf(classes.values());
        for (int i = 0; i < ordered.size(); i++) {
            for (Piece piece : ordered.get(i)) {
                piece.optionalClass = i;
            }
        }
        return ordered;
    }

    private BitSet plainKeys() {
        BitSet special = keysOf(d -> d.invocation.operation() instanceof Operation.Put
                ? new int[0]
                : d.footprint().writes());
        BitSet alsoSpecial = keysOf(d -> d.invocation.operation() instanceof Operation.CompareAndSet
                ? d.footprint().reads().keys()
                : new int[0]);
        BitSet plain = new BitSet(keys);
        plain.set(0, keys);
        plain.andNot(special);
        plain.andNot(alsoSpecial);
        return plain;
    }

    private BitSet chainedKeys(List<Piece> unknown) {
        BitSet chained = new BitSet(keys);
        for (Piece piece : unknown) {
            for (int key : piece.footprint.appends()) {
                chained.set(key);
            }
            if (piece.invocation.operation() instanceof Operation.CompareAndSet) {
                chained.set(piece.footprint.writes()[0]);
            }
        }
        return chained;
    }

    /** Then what shows on one key may need something on another that nobody looks at yet. */
    private static boolean appendsInBatch(List<Piece> unknown) {
        return unknown.stream()
                .anyMatch(piece -> piece.invocation.operation() instanceof Operation.Batch
                        && piece.footprint.appends().length > 0);
    }

    private ToldRevisions toldRevisions() {
        Set<Long> owned = new HashSet<>();
        boolean any = false;
        for (Draft draft : drafts) {
            if (draft.revision != Response.NOT_TOLD) {
                owned.add(draft.revision);
            }
            Footprint.Reads reads = draft.footprint().reads();
            for (int i = 0; !any && i < reads.size(); i++) {
                any = reads.revision(i) != Response.NOT_TOLD;
            }
        }
        return new ToldRevisions(any || !owned.isEmpty(), owned);
    }

    private BitSet keysOf(Function<Draft, int[]> which) {
        BitSet marked = new BitSet(keys);
        for (Draft draft : drafts) {
            for (int key : which.apply(draft)) {
                marked.set(key);
            }
        }
        return marked;
    }
}
