package io.kvd.server.runtime.config;

import java.util.List;

/** Refuses names that are no keys: a typo must not leave a setting at its default unnoticed. */
final class UnknownKey {
    private static final String LIST_THEM = "kvd config reference lists all keys";

    private UnknownKey() {}

    /** Refuses a path of a file or of {@code --set}. */
    static ConfigRefused path(String path, String origin) {
        if (ConfigKeys.isSection(path)) {
            return new ConfigRefused(
                    origin + ": " + path + " is a section, not a key",
                    "it has no value of its own",
                    LIST_THEM);
        }
        List<String> paths = ConfigKeys.ALL.stream().map(ConfigKey::path).toList();
        return new ConfigRefused(
                origin + ": unknown key " + shortened(path),
                "no key has this name, and one that is ignored would be worse",
                NearestName.of(shortened(path), paths, '.').orElse(LIST_THEM));
    }

    /** Refuses a variable of the environment. */
    static ConfigRefused variable(String variable) {
        List<String> variables =
                ConfigKeys.ALL.stream().map(ConfigKey::variable).toList();
        return new ConfigRefused(
                "environment: unknown variable " + shortened(variable),
                "every variable that begins with " + Environment.PREFIX + " must be a key's",
                NearestName.of(shortened(variable), variables, '_')
                        .orElse("unset it; " + LIST_THEM));
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "...";
    }
}
