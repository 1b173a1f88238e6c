package io.kvd.server.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a HOCON file into settings, each with its line. A key given twice has its last value, as HOCON says. Includes
 * are refused: what a node runs with stands in one file.
 */
final class ConfigFile {
    /** A file of ours has some 2 KiB; what is much larger is another file. */
    private static final int MAX_BYTES = 256 * 1024;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final List<Setting> settings = new ArrayList<>();

    private ConfigFile(Path file) {
        this.file = file;
    }

    /** @throws ConfigRefused if it can't be read, is not HOCON, or names an unknown key */
    static List<Setting> read(Path file) {
        ConfigFile reader = new ConfigFile(file);
        reader.walk("", reader.parse(reader.text()));
        return List.copyOf(reader.settings);
    }

    private String text() {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                throw refused("it is a directory", "--config FILE");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw refused(
                        "it is larger than " + MAX_BYTES / 1024 + " KiB", "is it the right file?");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw refused("there is no such file", "kvd start without --config runs a single node");
        } catch (IOException e) {
            throw refused("reading it failed: " + e, "can this user read it?");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw refused("it is not UTF-8", "save it as UTF-8");
        }
    }

    private ConfigObject parse(String text) {
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(file.toString())
                .setIncluder(new NoIncludes(file));
        try {
            Config config = ConfigFactory.parseString(text, options);
            return config.resolve(ConfigResolveOptions.defaults()).root();
        } catch (ConfigException e) {
            throw new ConfigRefused(
                    firstLine(e),
                    "it is not HOCON as kvd reads it",
                    "kvd config check --config FILE");
        } catch (StackOverflowError e) {
            // The library's parser is recursive.
            throw refused(
                    "it is nested too deeply", "kvd config reference shows what belongs in it");
        }
    }

    private void walk(String section, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
            String name = ConfigUtil.joinPath(entry.getKey());
            String path = section.isEmpty() ? name : section + "." + name;
            ConfigValue value = entry.getValue();
            if (value instanceof ConfigObject inner && ConfigKeys.isSection(path)) {
                walk(path, inner);
            } else {
                settings.add(setting(path, value));
            }
        }
    }

    private static Setting setting(String path, ConfigValue value) {
        String origin = value.origin().description();
        ConfigKey<?> key = ConfigKeys.byPath(path).orElseThrow(() -> UnknownKey.path(path, origin));
        String wanted = "wanted: " + key.type().form();
        if (value instanceof ConfigList list && key.type().shape() == ValueType.Shape.LIST) {
            if (!list.stream().allMatch(element -> element.valueType() == ConfigValueType.STRING)) {
                throw new ConfigRefused(
                        origin + ": " + path + ": an element is not a string",
                        wanted,
                        "put it in quotes");
            }
            List<String> elements =
                    list.stream().map(element -> (String) element.unwrapped()).toList();
            return new Setting(path, String.join(",", elements), origin);
        }
        if (value instanceof ConfigList || value instanceof ConfigObject) {
            throw new ConfigRefused(
                    origin + ": " + path + " has more than one value",
                    wanted,
                    path + " = one value");
        }
        if (value.valueType() == ConfigValueType.NULL) {
            throw new ConfigRefused(
                    origin + ": " + path + " has no value", wanted, "leave the line out");
        }
        return new Setting(path, String.valueOf(value.unwrapped()), origin);
    }

    private ConfigRefused refused(String why, String remedy) {
        return new ConfigRefused("can't use the configuration file " + file, why, remedy);
    }

    private static String firstLine(ConfigException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    /** All four kinds: the library would carry out those that are left to it, and fetch URLs. */
    private record NoIncludes(Path file)
            implements ConfigIncluder,
                    ConfigIncluderFile,
                    ConfigIncluderURL,
                    ConfigIncluderClasspath {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            throw refused(what.toString());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused(what.toString());
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        private ConfigRefused refused(String what) {
            return new ConfigRefused(
                    "can't use the configuration file " + file,
                    "it includes " + what,
                    "give several files: --config BASE --config THIS");
        }
    }
}
