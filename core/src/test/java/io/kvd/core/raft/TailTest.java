package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class TailTest {
    private static final int SEEDS = 50;
    private static final int STEPS = 500;

    @Test
    void holdsAndFindsTheRunsThatAListOfThemHasWhateverIsDoneToIt() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            Tail tail = new Tail();
            List<Run> model = new ArrayList<>();
            long next = 1;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> {
                        Run run = run(next, 1 + random.nextInt(4));
                        tail.add(run);
                        model.add(run);
                        next = run.lastIndex() + 1;
                    }
                    case 4 -> {
                        if (!model.isEmpty()) {
                            tail.removeFirst();
                            model.remove(0);
                        }
                    }
                    case 5 -> {
                        long index = Math.max(0, next - 1 - random.nextInt(20));
                        tail.removeTo(index);
                        model.removeIf(run -> run.lastIndex() <= index);
                    }
                    default -> {
                        long from = Math.max(1, next - random.nextInt(6));
                        tail.truncateFrom(from);
                        truncate(model, from);
                        next = Math.min(next, from);
                    }
                }
                compare(tail, model, "seed " + seed + " step " + step);
            }
        }
    }

    private static void truncate(List<Run> model, long from) {
        while (!model.isEmpty() && model.get(model.size() - 1).lastIndex() >= from) {
            Run last = model.remove(model.size() - 1);
            if (last.firstIndex() < from) {
                model.add(last.slice(last.firstIndex(), from));
            }
        }
    }

    private static void compare(Tail tail, List<Run> model, String when) {
        assertThat(tail.all()).as(when).isEqualTo(model);
        assertThat(tail.isEmpty()).as(when).isEqualTo(model.isEmpty());
        assertThat(tail.bytes())
                .as(when)
                .isEqualTo(model.stream().mapToLong(Run::sizeBytes).sum());
        for (int i = 0; i < model.size(); i++) {
            Run run = model.get(i);
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                assertThat(tail.from(index)).as(when).isEqualTo(model.subList(i, model.size()));
            }
        }
    }

    private static Run run(long firstIndex, int entries) {
        List<Entry> made = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            made.add(new Entry(
                    new EntryId(1, firstIndex + i),
                    EntryKind.NOOP,
                    new Entry.Stamp(0, 0),
                    Entry.Origin.NONE,
                    Bytes.EMPTY));
        }
        return Run.encode(1, made);
    }
}
