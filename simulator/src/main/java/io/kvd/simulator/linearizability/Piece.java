package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;

import java.util.ArrayList;
import java.util.List;

/** One operation as the search places it. */
final class Piece {
    final Invocation invocation;
    final Step step;
    final Footprint footprint;
    /** By when it took effect; the end of time for one that may never have. */
    final long returnNanos;
    /** Of its own change, if it is told; of a witness, the one that it sees. */
    final long revision;
    /** Operations that took effect before, whatever the times say. */
    final List<Piece> predecessors = new ArrayList<>();

    /** Its rank among those that must be placed, by call. */
    int index;

    /** Of those that may be placed: which of {@link Problem#optional}. */
    int optionalClass;

    /** Whether it is part of the linearization so far. Changed by the search only. */
    boolean placed;

    private final Window window;
    private final boolean witness;

    /** When it may have taken effect. */
    record Window(long callNanos, long returnNanos) {}

    Piece(Invocation invocation, Compiler.Compiled compiled, long returnNanos, long revision) {
        this(
                invocation,
                compiled,
                new Window(invocation.callNanos(), returnNanos),
                revision,
                false);
    }

    private Piece(
            Invocation invocation,
            Compiler.Compiled compiled,
            Window window,
            long revision,
            boolean witness) {
        this.invocation = invocation;
        this.step = compiled.step();
        this.footprint = compiled.footprint();
        this.returnNanos = window.returnNanos();
        this.revision = revision;
        this.window = window;
        this.witness = witness;
    }

    /** One of {@link Witnesses}, on behalf of the operation that saw the revision. */
    static Piece witness(
            Invocation invocation, Compiler.Compiled compiled, Window window, long revision) {
        return new Piece(invocation, compiled, window, revision, true);
    }

    boolean isWitness() {
        return witness;
    }

    long callNanos() {
        return window.callNanos();
    }

    /** Whether it must be placed. */
    boolean isRequired() {
        return returnNanos != Long.MAX_VALUE;
    }

    boolean mayComeNext() {
        for (int i = 0; i < predecessors.size(); i++) {
            if (!predecessors.get(i).placed) {
                return false;
            }
        }
        return true;
    }
}
