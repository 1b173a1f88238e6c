package io.kvd.simulator.mutant;

import java.util.ArrayList;
import java.util.List;

/**
 * One place of a patch: lines to be found in a file, and what stands there instead.
 *
 * @param file path below the project's root
 * @param search whole lines that follow each other; how far they are indented does not matter
 * @param replace any number of lines
 */
record Hunk(String file, List<String> search, List<String> replace) {
    Hunk {
        search = List.copyOf(search);
        replace = List.copyOf(replace);
    }

    /**
     * The source with this place changed.
     *
     * @throws IllegalArgumentException if the lines are not there exactly once
     */
    String applyTo(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        List<Integer> places = placesIn(lines);
        if (places.size() != 1) {
            throw new IllegalArgumentException("found %d times in %s:%n%s"
                    .formatted(places.size(), file, String.join("\n", search)));
        }
        List<String> place = lines.subList(places.get(0), places.get(0) + search.size());
        place.clear();
        place.addAll(replace);
        return String.join("\n", lines) + "\n";
    }

    private List<Integer> placesIn(List<String> lines) {
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at + search.size() <= lines.size(); at++) {
            if (isAt(lines, at)) {
                places.add(at);
            }
        }
        return places;
    }

    private boolean isAt(List<String> lines, int at) {
        for (int i = 0; i < search.size(); i++) {
            if (!lines.get(at + i).strip().equals(search.get(i).strip())) {
                return false;
            }
        }
        return true;
    }
}
