package io.kvd.server.runtime.config;

import io.kvd.server.runtime.config.ConfigKey.Constant;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What was set, by anyone; the last one to set a key wins. Owned by the loader while it works. */
final class Settings {
    static final String DEFAULT_ORIGIN = "default";

    private final TreeMap<String, Setting> byPath = new TreeMap<>();

    void addAll(List<Setting> settings) {
        settings.forEach(setting -> byPath.put(setting.path(), setting));
    }

    /** Who set the key. */
    String origin(ConfigKey<?> key) {
        return byPath.containsKey(key.path()) ? byPath.get(key.path()).origin() : DEFAULT_ORIGIN;
    }

    /** The value of a key whose default is a constant. */
    <T> T value(ConfigKey<T> key) {
        return find(key).orElseGet(() -> key.type().parse(((Constant) key.fallback()).text()));
    }

    /** The value, if anyone set it. */
    <T> Optional<T> find(ConfigKey<T> key) {
        Optional<Setting> setting = Optional.ofNullable(byPath.get(key.path()));
        return setting.map(found -> parse(key, found));
    }

    private static <T> T parse(ConfigKey<T> key, Setting setting) {
        try {
            return key.type().parse(setting.text());
        } catch (IllegalArgumentException e) {
            throw new ConfigRefused(
                    setting.origin() + ": " + key.path() + " = " + shortened(setting.text()) + ": "
                            + e.getMessage(),
                    "wanted: " + key.type().form(),
                    remedy(key));
        }
    }

    private static String remedy(ConfigKey<?> key) {
        return key.fallback() instanceof Constant constant
                ? key.path() + " = " + constant.text() + ", the default"
                : "leave it out: " + key.fallback().text();
    }

    private static String shortened(String text) {
        String oneLine = text.replaceAll("\\p{Cntrl}", "?");
        return oneLine.length() <= 80 ? oneLine : oneLine.substring(0, 77) + "...";
    }
}
