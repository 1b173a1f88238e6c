package io.kvd.server.runtime.config;

import java.util.List;

/**
 * A configuration that was found good.
 *
 * @param values every key, as {@code kvd config show} lists them
 * @param warnings what is allowed and rarely meant; sentences
 */
public record LoadedConfig(
        ServerConfig config, List<EffectiveValue> values, List<String> warnings) {
    public LoadedConfig {
        values = List.copyOf(values);
        warnings = List.copyOf(warnings);
    }

    /**
     * One key.
     *
     * @param origin who set it: a file with its line, a variable, an option, or {@code default}
     */
    public record EffectiveValue(String path, String value, String origin) {}
}
