package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.HistoryText;
import io.kvd.simulator.linearizability.Counterexample.Blocked;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for a linearization of one partition: depth first, trying each operation that may come next and remembering
 * which (placed operations, state) led nowhere (Wing and Gong 1993; Lowe 2017). It ends when all answered operations
 * are placed; those with an unknown outcome that are not placed by then never took effect.
 *
 * <p>What is not tried, since a linearization that has it can be turned into one that hasn't:
 * <ul>
 *   <li>anything but a read that fits here: it can be moved here from wherever it is;
 *   <li>anything but a put that nobody will see, over a value that nobody will see any more, on a key that is only put
 *       and read: as above;
 *   <li>a change that replaces a value which somebody must still see and nobody can write again, or after which the
 *       next read of the key can't find what it saw;
 *   <li>an unknown change, unless an operation that may come next can't be without it, or appends to it: else it can be
 *       moved behind, or left out where it is overwritten unseen. In a history that tells revisions, where it takes one
 *       of them and so can't be moved: unless somebody {@link Needs} it, which may also come later;
 *   <li>anything before what precedes it by its revisions; see {@link RevisionPrecedence}.
 * </ul>
 * All but the last depend on (placed operations, state) only, as remembering needs it; so does the last.
 */
final class Search {
    private static final Comparator<Piece> BY_RETURN =
            Comparator.comparingLong(piece -> piece.returnNanos);

    private final Problem problem;
    private final Budget budget;
    private final Timeline timeline;
    private final Tally tally;
    private final PlacedSet placed;
    private final Demand demand;
    private final Needs needs;
    private final Set<Configuration> seen = new HashSet<>();
    private final List<Frame> frames = new ArrayList<>();

    private StoreState state;
    private long steps;
    private long bytes;
    private Progress furthest = Progress.NONE;

    enum Result {
        FOUND,
        NONE,
        OUT_OF_STEPS,
        OUT_OF_MEMORY
    }

    /** How far a linearization got: past which event, with how many operations. */
    record Progress(int event, int pieces) {
        static final Progress NONE = new Progress(-1, -1);

        boolean isBeyond(Progress other) {
            return event > other.event || (event == other.event && pieces > other.pieces);
        }
    }

    /** A place in the linearization: what may be put there, and what is. */
    private static final class Frame {
        private final List<Piece> choices;
        private final StoreState before;
        /** Whether nothing else needs to be tried here. */
        private final boolean forced;
        /** Whether the choices hold unknown operations, too; they are looked for only when all else failed. */
        private boolean widened;

        private int tried;

        private Frame(List<Piece> choices, StoreState before, boolean forced) {
            this.choices = choices;
            this.before = before;
            this.forced = forced;
            this.widened = forced;
        }

        private Piece current() {
            return choices.get(tried - 1);
        }
    }

    Search(Problem problem, Tally tally, Budget budget) {
        this.problem = problem;
        this.budget = budget;
        this.timeline = new Timeline(problem.required());
        this.tally = tally;
        this.placed =
                new PlacedSet(problem.required().size(), problem.optional().size());
        this.demand = new Demand(problem);
        this.needs = new Needs(problem);
        this.state = StoreState.empty(problem.keys().size(), problem.told());
    }

    /** Looks for a whole linearization. */
    Result run() {
        return run(new Progress(Integer.MAX_VALUE, 0));
    }

    /** Looks for a linearization that gets so far; it is {@link #placedSoFar} then. */
    Result run(Progress goal) {
        if (timeline.isEmpty()) {
            return Result.FOUND;
        }
        frames.add(frame());
        while (!frames.isEmpty()) {
            if (furthest.equals(goal)) {
                return Result.FOUND;
            }
            if (steps > budget.steps()) {
                return Result.OUT_OF_STEPS;
            }
            if (bytes > budget.bytes()) {
                return Result.OUT_OF_MEMORY;
            }
            Frame top = frames.get(frames.size() - 1);
            if (top.tried == top.choices.size() && !top.widened) {
                widen(top);
            } else if (top.tried == top.choices.size()) {
                frames.remove(frames.size() - 1);
                if (!frames.isEmpty()) {
                    takeBack(frames.get(frames.size() - 1));
                }
            } else if (place(top)) {
                if (timeline.isEmpty()) {
                    return Result.FOUND;
                }
                frames.add(frame());
            }
        }
        return Result.NONE;
    }

    long steps() {
        return steps;
    }

    Progress furthest() {
        return furthest;
    }

    /** The linearization as far as it goes now. */
    List<Piece> placedSoFar() {
        return frames.stream()
                .filter(frame -> frame.tried > 0 && frame.current().placed)
                .map(Frame::current)
                .toList();
    }

    /** What may come next by its time, and why it can't. */
    List<Blocked> blocked() {
        List<Piece> candidates = new ArrayList<>();
        int event = timeline.first();
        for (; !timeline.isReturn(event); event = timeline.next(event)) {
            candidates.add(timeline.piece(event));
        }
        return candidates.stream()
                .sorted(BY_RETURN)
                .map(piece -> new Blocked(piece.invocation, whyNot(piece)))
                .toList();
    }

    private String whyNot(Piece piece) {
        for (Piece before : piece.predecessors) {
            if (!before.placed) {
                return "comes after " + HistoryText.of(before.invocation);
            }
        }
        StoreState after = piece.step.apply(state);
        if (after.isImpossible()) {
            return problem.describe(state, piece.footprint);
        }
        piece.placed = true;
        tally.place(piece);
        Optional<Piece> waiting = tally.blinded(piece, state, after);
        piece.placed = false;
        tally.unplace(piece);
        return waiting.map(w -> "after it this could not come: " + HistoryText.of(w.invocation))
                .orElse("whatever comes after it, others can't be placed");
    }

    /** Puts the frame's next choice in its place; false if that leads nowhere. */
    private boolean place(Frame frame) {
        Piece piece = frame.choices.get(frame.tried++);
        steps++;
        StoreState after = piece.step.apply(frame.before);
        if (after.isImpossible()) {
            return false;
        }
        piece.placed = true;
        placed.add(piece);
        tally.place(piece);
        if (piece.isRequired()) {
            timeline.take(piece);
        }
        state = tally.forget(after, piece);
        if (tally.isDeadEnd(piece, frame.before, after) || (!frame.forced && !isNew())) {
            takeBack(frame);
            return false;
        }
        return true;
    }

    private void takeBack(Frame frame) {
        Piece piece = frame.current();
        if (piece.isRequired()) {
            timeline.giveBack(piece);
        }
        piece.placed = false;
        placed.remove(piece);
        tally.unplace(piece);
        state = frame.before;
    }

    /** Remembers where we are; false if we have been here. */
    private boolean isNew() {
        if (timeline.isEmpty()) {
            return true;
        }
        int firstMissing = timeline.piece(timeline.first()).index;
        Configuration here = new Configuration(placed.copy(firstMissing), state);
        if (!seen.add(here)) {
            return false;
        }
        bytes += here.bytes();
        return true;
    }

    /** What may be put in the next place, the first to return first. */
    private Frame frame() {
        List<Piece> possible = new ArrayList<>();
        int event = timeline.first();
        for (; !timeline.isReturn(event); event = timeline.next(event)) {
            Piece piece = timeline.piece(event);
            if (piece.mayComeNext()) {
                steps++;
                StoreState after = piece.step.apply(state);
                if (after.isSameAs(state) || isUnseenPut(piece)) {
                    return new Frame(List.of(piece), state, true);
                }
                if (!after.isImpossible()) {
                    possible.add(piece);
                }
            }
        }
        Progress progress = new Progress(event, placed.requiredCount());
        furthest = progress.isBeyond(furthest) ? progress : furthest;
        possible.sort(BY_RETURN);
        possible.addAll(0, needed(timeline.piece(event).returnNanos));
        return new Frame(possible, state, false);
    }

    /** Unknown operations without which somebody will be stuck, and a number is left over for: most urgent first. */
    private List<Piece> needed(long firstReturnNanos) {
        record Urgent(Piece piece, long deadline) {}

        if (!problem.told().any() || !state.hasRoom()) {
            return List.of();
        }
        Needs.Place here = here();
        List<Urgent> urgent = new ArrayList<>();
        for (List<Piece> pieces : problem.optional()) {
            nextOf(pieces, firstReturnNanos)
                    .ifPresent(piece -> needs.deadline(piece, here)
                            .ifPresent(deadline -> urgent.add(new Urgent(piece, deadline))));
        }
        return urgent.stream()
                .sorted(Comparator.comparingLong(Urgent::deadline))
                .map(Urgent::piece)
                .toList();
    }

    /** The first of a class that is left, if it may come next. */
    private Optional<Piece> nextOf(List<Piece> pieces, long firstReturnNanos) {
        int next = placed.placedOf(pieces.get(0).optionalClass);
        return next < pieces.size()
                        && pieces.get(next).callNanos() <= firstReturnNanos
                        && pieces.get(next).mayComeNext()
                ? Optional.of(pieces.get(next))
                : Optional.empty();
    }

    /** Adds unknown operations that something which may come next asks for: of each class, the first that is left. */
    private void widen(Frame frame) {
        frame.widened = true;
        if (problem.optional().isEmpty()) {
            return;
        }
        demand.clear();
        int event = timeline.first();
        for (; !timeline.isReturn(event); event = timeline.next(event)) {
            Piece piece = timeline.piece(event);
            if (piece.mayComeNext()) {
                demand.add(piece, state, !piece.step.apply(state).isImpossible());
            }
        }
        for (List<Piece> pieces : problem.optional()) {
            nextOf(pieces, timeline.piece(event).returnNanos)
                    .filter(this::isAskedFor)
                    .filter(piece -> !frame.choices.contains(piece))
                    .ifPresent(frame.choices::add);
        }
    }

    private Needs.Place here() {
        return new Needs.Place(state, timeline.piece(timeline.first()).callNanos());
    }

    private boolean isAskedFor(Piece unknown) {
        return problem.told().any()
                ? state.hasRoom() && needs.areMetBy(unknown, here())
                : problem.triesAlways() || demand.asksFor(unknown);
    }

    private boolean isUnseenPut(Piece piece) {
        if (problem.told().any() || !(piece.step instanceof Step.Change)) {
            return false;
        }
        for (int key : piece.footprint.writes()) {
            if (!problem.plain().get(key) || !problem.values().isUnread(state.value(key))) {
                return false;
            }
        }
        return Arrays.stream(piece.footprint.writtenValues()).allMatch(tally::isUnread);
    }
}
