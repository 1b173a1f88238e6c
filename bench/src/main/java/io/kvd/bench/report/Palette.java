package io.kvd.bench.report;

import java.util.List;

/** A class of the style sheet for each target, the same in all plots. */
record Palette(List<String> targets) {
    static final int COLOURS = 6;

    Palette {
        targets = List.copyOf(targets);
    }

    String of(String target) {
        return "c" + targets.indexOf(target) % COLOURS;
    }
}
