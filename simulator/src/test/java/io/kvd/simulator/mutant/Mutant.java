package io.kvd.simulator.mutant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A known bug, as a patch to the sources that makes it. In a file of its own, to be read:
 *
 * <pre>
 * What the mutated program does wrong, as a sentence.
 *
 * source: where the rule that it breaks is said
 * seed: a seed whose run finds it
 *
 * --- core/src/main/java/io/kvd/core/…
 * @@
 *  a line that stays
 * -a line that goes
 * +a line that comes
 * </pre>
 *
 * @param name area/bug: where the patch lies
 * @param title the sentence
 * @param seed none while none was found
 */
record Mutant(String name, String title, String source, OptionalLong seed, List<Hunk> hunks) {
    private static final String SOURCE = "source: ";
    private static final String SEED = "seed: ";
    private static final String FILE = "--- ";
    private static final String PLACE = "@@";

    Mutant {
        hunks = List.copyOf(hunks);
    }

    /** @throws IllegalArgumentException naming the mutant, if the text is no patch */
    static Mutant parse(String name, String text) {
        List<String> lines = text.lines().toList();
        try {
            return new Mutant(
                    name,
                    lines.get(0),
                    header(lines, SOURCE).orElseThrow(),
                    header(lines, SEED).map(Long::parseLong).stream()
                            .mapToLong(seed -> seed)
                            .findFirst(),
                    hunks(lines));
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException("mutant " + name + " is no patch", wrong);
        }
    }

    /** The text of a patch with another seed recorded in it. */
    static String withSeed(String text, long seed) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        lines.removeIf(line -> line.startsWith(SEED));
        int behindSource = 0;
        while (!lines.get(behindSource++).startsWith(SOURCE)) {
            // What the mutant does.
        }
        lines.add(behindSource, SEED + seed);
        return String.join("\n", lines) + "\n";
    }

    private static Optional<String> header(List<String> lines, String key) {
        return lines.stream()
                .takeWhile(line -> !line.startsWith(FILE))
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst();
    }

    private static List<Hunk> hunks(List<String> lines) {
        List<Hunk> hunks = new ArrayList<>();
        String file = "";
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.startsWith(FILE)) {
                file = line.substring(FILE.length());
            } else if (line.equals(PLACE)) {
                hunks.add(hunk(file, lines.subList(at + 1, lines.size())));
            }
        }
        if (hunks.isEmpty()) {
            throw new IllegalArgumentException("it changes nothing");
        }
        return hunks;
    }

    private static Hunk hunk(String file, List<String> following) {
        List<String> search = new ArrayList<>();
        List<String> replace = new ArrayList<>();
        for (String line : following) {
            if (line.startsWith(FILE) || line.equals(PLACE)) {
                break;
            }
            String body = line.isEmpty() ? "" : line.substring(1);
            if (!line.startsWith("+")) {
                search.add(body);
            }
            if (!line.startsWith("-")) {
                replace.add(body);
            }
        }
        return new Hunk(file, search, replace);
    }

    @Override
    public String toString() {
        return name;
    }
}
