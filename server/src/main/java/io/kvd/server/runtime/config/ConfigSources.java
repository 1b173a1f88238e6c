package io.kvd.server.runtime.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a configuration comes from, weakest first: files in the order given, environment, the short form, {@code --set}.
 *
 * @param assignments texts {@code path=value}, each with the option that gave it
 */
public record ConfigSources(
        List<Path> files,
        Map<String, String> environment,
        ShortFormTexts shortForm,
        List<Assignment> assignments) {
    public ConfigSources {
        files = List.copyOf(files);
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
    }

    /** Nothing but defaults. */
    public static ConfigSources none() {
        return new ConfigSources(List.of(), Map.of(), ShortFormTexts.ABSENT, List.of());
    }

    /**
     * {@code --listen} and {@code --backend}.
     *
     * @param listen at most one
     */
    public record ShortFormTexts(List<String> listen, List<String> backends) {
        public static final ShortFormTexts ABSENT = new ShortFormTexts(List.of(), List.of());

        public ShortFormTexts {
            listen = List.copyOf(listen);
            backends = List.copyOf(backends);
        }
    }

    /**
     * One key set by hand.
     *
     * @param option who says so: {@code --set}, {@code --data-dir}
     */
    public record Assignment(String option, String path, String value) {}

    public ConfigSources withFile(Path file) {
        return new ConfigSources(plus(files, file), environment, shortForm, assignments);
    }

    public ConfigSources withEnvironment(Map<String, String> variables) {
        return new ConfigSources(files, variables, shortForm, assignments);
    }

    public ConfigSources withShortForm(ShortFormTexts texts) {
        return new ConfigSources(files, environment, texts, assignments);
    }

    /** Stronger than every source so far. */
    public ConfigSources with(Assignment assignment) {
        return new ConfigSources(files, environment, shortForm, plus(assignments, assignment));
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
