package io.kvd.server.runtime.config;

/** The page docs/config.md, made of the table of keys. */
public final class ConfigReference {
    private static final String BEFORE_TABLE = """
            # Configuration

            <!-- Written by `kvd config reference`; a test compares it. Regenerate: mvn test -pl server -am -Dgolden.rewrite -->

            Every key is optional; without any, `kvd start` runs a cluster of one on %s.

            A key is set in a file (`--config FILE`), by an environment variable (`KVD_` and the key in capitals, with
            `_` for `.` and `-`), or by `--set path=value`. The later in this order wins, and so does the later of two
            files and of two lines in a file. `kvd config show` prints what counts and who set it; `kvd config check`
            says whether a node would start with it. An unknown key or `KVD_` variable is refused (`KVD_JAVA_OPTS`
            apart, which is for the JVM).

            Files are [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md), UTF-8, without includes. A
            duration is a number with `ms`, `s`, `m` or `h`; a size one with `B`, `KiB`, `MiB`, `GiB` or `TiB`; neither
            goes without its unit. In the environment and after `--set`, the elements of a list are divided by commas.

            | Key | Value | Default | Meaning |
            | --- | --- | --- | --- |
            """;

    private static final String AFTER_TABLE = """

            `kvd start --listen :8080 --backend :8081,:8082` is a short form: the members are all these addresses,
            sorted; from it come `node.name`, `listen.address`, `cluster.name` and `cluster.peers`, over files and
            environment, and `./data/<port>` for `node.data-dir`, under them.
            """;

    private ConfigReference() {}

    public static String markdown() {
        StringBuilder page = new StringBuilder(BEFORE_TABLE.formatted(ConfigKeys.DEFAULT_ADDRESS));
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            key.path(),
                            cell(key.type().form()),
                            fallback(key),
                            cell(key.sentence())));
        }
        return page.append(AFTER_TABLE).toString();
    }

    private static String fallback(ConfigKey<?> key) {
        String text = cell(key.fallback().text());
        return key.fallback() instanceof ConfigKey.Constant ? "`" + text + "`" : text;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
