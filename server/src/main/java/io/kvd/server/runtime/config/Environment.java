package io.kvd.server.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads keys from environment variables: {@code KVD_NODE_DATA_DIR} is {@code node.data-dir}. */
final class Environment {
    static final String PREFIX = "KVD_";

    /** Read by the script bin/kvd, not by us. */
    static final String JAVA_OPTS = "KVD_JAVA_OPTS";

    private Environment() {}

    static List<Setting> read(Map<String, String> variables) {
        List<Setting> settings = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(PREFIX) && !name.equals(JAVA_OPTS)) {
                String path = ConfigKeys.byVariable(name)
                        .orElseThrow(() -> UnknownKey.variable(name))
                        .path();
                settings.add(new Setting(path, variable.getValue(), name));
            }
        }
        return settings;
    }
}
