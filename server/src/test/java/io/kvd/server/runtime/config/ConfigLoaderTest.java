package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kvd.core.kv.RequestLimits;
import io.kvd.server.runtime.config.ConfigSources.Assignment;
import io.kvd.server.runtime.config.ConfigSources.ShortFormTexts;
import io.kvd.server.runtime.config.LoadedConfig.EffectiveValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ConfigLoaderTest {
    private static final String THREE =
            "cluster.peers = [\"n1=127.0.0.1:7400\", \"n2=127.0.0.1:7410\", \"n3=127.0.0.1:7420\"]\n";

    /** File, what is said of it, what is said to do. */
    private static final String HOSTILE_FILES = """
            raft.hartbeat = 5 ms | :1: unknown key raft.hartbeat | raft.heartbeat
            node.colour = red | unknown key node.colour | kvd config reference
            '"node.name" = x' | unknown key | node.name
            node = 3 | node is a section | reference
            node.name { first = x } | node.name has more than one value | node.name
            node.name = [a, b] | node.name has more than one value | node.name
            node.name = null | node.name has no value | leave
            node.name = '' | not a name | n1
            node.name = 5 | not a name | n1
            node.name = "a b" | not a name | n1
            node.data-dir = "" | it is empty | ./data
            node.data-dir = "~/data" | shell knows | ./data
            node.data-dir = "/" | root of the file system | ./data
            listen.address = 7400 | port is missing | 127.0.0.1:7400
            listen.address = "127.0.0.1:0" | outside 1 to 65535 | 127.0.0.1:7400
            listen.address = "127.0.0.1:65536" | outside 1 to 65535 | 127.0.0.1:7400
            listen.address = "0.0.0.0:7400" | nobody can reach n1 | real host
            listen.address = "192.0.2.1:7400" | refusing to listen | --insecure-listen
            listen.address = "no-such-host.invalid:7400" | can't listen | an address of this machine
            listen.admin = 7402 | port is missing | leave it out
            listen.admin = "127.0.0.1:7400" | is the port of listen.address | plus 2
            listen.admin = "192.0.2.1:7402" | refusing to listen | --insecure-listen
            listen.insecure = true | none of refuse | refuse
            raft.heartbeat = fast | not a duration | 100 ms
            raft.heartbeat = 100 | no unit | 100 ms
            raft.heartbeat = -1s | not a duration | 100 ms
            raft.heartbeat = 1000000 h | outside 10 ms to 10 s | 100 ms
            raft.heartbeat = 2 s | don't fit | ten heartbeats
            raft.election-timeout = 100 ms | don't fit | ten heartbeats
            raft.election-timeout = 0 s | outside | 1 s
            storage.memory = 64 | no unit | 128 MiB
            storage.memory = -64 MiB | not a size | 128 MiB
            storage.memory = 64 MB | not one of its units | 128 MiB
            limits.request = 1536 KiB | limits.request (1536 KiB) can't hold a key of limits.key (64 KiB) with a value of limits.value (1536 KiB) | limits.request = 1601 KiB or more
            limits.in-flight = 1601 KiB | limits.in-flight (1601 KiB) can't hold one request of limits.request (1601 KiB) | limits.in-flight = 1665 KiB or more
            log.level = INFO | none of error | info
            cluster.peers = [] | a member is empty | leave it out
            cluster.peers = [{a = 1}] | an element is not a string | quotes
            cluster.peers = ["127.0.0.1:7400"] | not name=host:port | leave it out
            cluster.peers = ["n1=127.0.0.1"] | port is missing | leave it out
            cluster.peers = ["n2=:7400"] | every member but this one, n1 | add n1=host:port
            cluster.peers = ["n1=:1", "n1=:2"] | n1 is in it twice | leave it out
            cluster.peers = ["n1=:1", "n2=localhost:1"] | n1 and n2 are both at 127.0.0.1:1 | leave it out
            cluster.peers = ["n1=0.0.0.0:1"] | nobody can reach n1 | real host
            node.name = n1 } | test.conf: 1 | config check
            listen.address = 127.0.0.1:7400 | test.conf: 1 | config check
            node.name = ${no.such.key} | test.conf: 1 | config check
            include "other.conf" | it includes other.conf | --config
            include url("http://192.0.2.1/x") | it includes | --config
            include file("x") | it includes | --config
            include classpath("x") | it includes | --config
            include required(file("x")) | it includes | --config
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void withoutAnythingItIsASingleNodeOnLoopback() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none());

        ServerConfig config = loaded.config();
        assertThat(config.node()).isEqualTo(new ServerConfig.Node("n1", 1, Path.of("./data/n1")));
        assertThat(config.listen().address()).hasToString("127.0.0.1:7400");
        assertThat(config.cluster().peers()).containsExactly(config.self());
        assertThat(config.raft().options().electionTicks()).isEqualTo(100);
        assertThat(config.raft().options().heartbeatTicks()).isEqualTo(10);
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.values()).allMatch(value -> value.origin().equals("default"));
    }

    @Test
    void whatNobodySetsIsAPartOfTheHeap() {
        JvmMemory small = new JvmMemory(64 << 20, 64 << 20);
        JvmMemory large = new JvmMemory(16L << 30, 16L << 30);

        ServerConfig.Limits ofSmall =
                ConfigLoader.load(ConfigSources.none(), small).config().limits();
        ServerConfig.Limits ofLarge =
                ConfigLoader.load(ConfigSources.none(), large).config().limits();

        assertThat(List.of(ofSmall.inFlightBytes(), ofSmall.answerBytes(), ofSmall.clients()))
                .containsExactly(4L << 20, 8L << 20, 512L);
        assertThat(List.of(ofLarge.inFlightBytes(), ofLarge.answerBytes(), ofLarge.clients()))
                .containsExactly(64L << 20, 256L << 20, 4_096L);
    }

    @Test
    void budgetsThatTheHeapCantHoldAreRefusedWithWhatItWouldTake() {
        JvmMemory memory = new JvmMemory(4L << 30, 4L << 30);
        for (String key : List.of("limits.in-flight", "limits.answers", "storage.row-cache")) {
            ConfigSources sources =
                    ConfigSources.none().with(new Assignment("--set", key, "16 GiB"));

            ConfigRefused refused = catchThrowableOfType(
                    ConfigRefused.class, () -> ConfigLoader.load(sources, memory));

            assertThat(refused.what()).contains("the heap of 4096 MiB");
            assertThat(refused.why()).contains(key).contains("OutOfMemoryError");
            assertThat(refused.remedy()).startsWith("-Xmx").contains("KVD_JAVA_OPTS");
        }
    }

    @Test
    void aHeapThatIsTooSmallForAnyNodeIsRefused() {
        JvmMemory memory = new JvmMemory(32 << 20, 32 << 20);

        ConfigRefused refused = catchThrowableOfType(
                ConfigRefused.class, () -> ConfigLoader.load(ConfigSources.none(), memory));

        assertThat(refused.what()).contains("the heap of 32 MiB");
    }

    @Test
    void directMemoryThatCantHoldWhatIsSentIsRefused() {
        JvmMemory memory = new JvmMemory(4L << 30, 64 << 20);

        ConfigRefused refused = catchThrowableOfType(
                ConfigRefused.class,
                () -> ConfigLoader.load(
                        ConfigSources.none()
                                .with(new Assignment("--set", "limits.answers", "64 MiB")),
                        memory));

        assertThat(refused.what()).contains("the direct memory of 64 MiB");
        assertThat(refused.remedy()).startsWith("-XX:MaxDirectMemorySize=");
    }

    @Test
    void laterSourcesWinAndEachValueKeepsItsOrigin() throws IOException {
        Path base = write(
                "base.conf",
                "node.name = a\ncluster.name = c1\nlog.level = warn\nraft.heartbeat = 50ms");
        Path over = write("over.conf", "\nnode { name = b }\nlog.level = error");

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withFile(base)
                .withFile(over)
                .withEnvironment(
                        Map.of("KVD_LOG_LEVEL", "debug", "KVD_LOG_FORMAT", "json", "HOME", "x"))
                .with(new Assignment("--set", "log.format", "text")));

        assertThat(values(loaded))
                .containsEntry("cluster.name", "c1 from " + base + ": 2")
                .containsEntry("raft.heartbeat", "50 ms from " + base + ": 4")
                .containsEntry("node.name", "b from " + over + ": 2")
                .containsEntry("node.data-dir", "./data/b from default")
                .containsEntry("log.level", "debug from KVD_LOG_LEVEL")
                .containsEntry("log.format", "text from --set");
    }

    @Test
    void idIsTheRankOfTheNameAndTheAddressIsListenedOn() throws IOException {
        Path file = write("n2.conf", "node.name = n2\n" + THREE);

        ServerConfig config =
                ConfigLoader.load(ConfigSources.none().withFile(file)).config();

        assertThat(config.node().id()).isEqualTo(2);
        assertThat(config.listen().address()).hasToString("127.0.0.1:7410");
        assertThat(config.self()).hasToString("n2=127.0.0.1:7410");
    }

    @Test
    void listMayBeATextWithCommasAsInTheEnvironment() {
        ServerConfig config = ConfigLoader.load(ConfigSources.none()
                        .withEnvironment(Map.of(
                                "KVD_CLUSTER_PEERS", "n2=:2, n1=[::1]:1", "KVD_NODE_NAME", "n2")))
                .config();

        assertThat(config.cluster().peers()).hasToString("[n1=[::1]:1, n2=127.0.0.1:2]");
    }

    @Test
    void aLargerValueMakesRoomForItselfInARequest() throws IOException {
        ServerConfig.Limits limits = load("limits.value = 4 MiB").config().limits();

        assertThat(limits.requestBytes())
                .isEqualTo(limits.keyBytes() + (4 << 20) + RequestLimits.ENVELOPE_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "'', n1",
        "'# only a comment', n1",
        "'node.name = a\nnode.name = b', b",
        "'{ node { name : a } }', a"
    })
    void acceptsOddButLegalFiles(String text, String name) throws IOException {
        assertThat(load(text).config().node().name()).isEqualTo(name);
    }

    @Test
    void acceptsByteOrderMarkAndWindowsLines() throws IOException {
        ServerConfig config =
                load("\uFEFFnode.name = b\r\nlog.level = warn\r\n").config();

        assertThat(config.node().name()).isEqualTo("b");
        assertThat(config.log().level()).isEqualTo(ServerConfig.LogLevel.WARN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = HOSTILE_FILES)
    void refusesHostileFilesWithPlaceReasonAndRemedy(String text, String what, String remedy) {
        ConfigRefused refused = catchThrowableOfType(ConfigRefused.class, () -> load(text));

        assertThat(refused).isNotNull();
        String where = what.startsWith(":") ? "test.conf: " + what.substring(1) : what;
        assertThat(refused.getMessage()).contains(where).contains("test.conf");
        assertThat(refused.remedy()).contains(remedy);
        assertThat(refused.what().lines()).hasSize(1);
        assertThat(refused.why().lines()).hasSize(1);
    }

    @Test
    void namesTheLineOfAnUnknownKey() throws IOException {
        Path file = write("test.conf", "# one\nlog.level = info\nheartbeat = 5 ms\n");

        assertThat(refused(ConfigSources.none().withFile(file)).what())
                .isEqualTo(file + ": 3: unknown key heartbeat");
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        Path notUtf8 = directory.resolve("latin1.conf");
        Files.write(notUtf8, "# Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        Path huge = write("huge.conf", "#".repeat(300_000));
        Path deep = write("deep.conf", "a = " + "[".repeat(100_000));

        assertThat(refused(ConfigSources.none().withFile(directory.resolve("none.conf")))
                        .why())
                .contains("no such file");
        assertThat(refused(ConfigSources.none().withFile(directory)).why()).contains("directory");
        assertThat(refused(ConfigSources.none().withFile(notUtf8)).why()).contains("UTF-8");
        assertThat(refused(ConfigSources.none().withFile(huge)).why()).contains("larger than");
        assertThat(refused(ConfigSources.none().withFile(deep)).why()).contains("nested");
    }

    @Test
    void refusesUnknownVariablesAndNamesTheNearest() {
        ConfigRefused refused =
                refused(ConfigSources.none().withEnvironment(Map.of("KVD_NODE_NAM", "x")));

        assertThat(refused.what()).contains("KVD_NODE_NAM");
        assertThat(refused.remedy()).isEqualTo("KVD_NODE_NAME");
        assertThat(ConfigLoader.load(ConfigSources.none()
                                .withEnvironment(Map.of("KVD_JAVA_OPTS", "-Xmx1g")))
                        .values())
                .isNotEmpty();
    }

    @Test
    void listensBeyondLoopbackWhenToldByName() {
        ServerConfig config = ConfigLoader.load(ConfigSources.none()
                        .with(new Assignment("--set", "cluster.peers", "n1=192.0.2.1:7400"))
                        .with(new Assignment("--set", "listen.address", "0.0.0.0:7400"))
                        .with(new Assignment("--insecure-listen", "listen.insecure", "allow")))
                .config();

        assertThat(config.listen().address()).hasToString("0.0.0.0:7400");
        assertThat(config.self().address()).hasToString("192.0.2.1:7400");
    }

    @Test
    void warnsOfWhatIsRarelyMeant() throws IOException {
        assertThat(load("cluster.peers = [\"n1=:1\", \"n2=:2\"]").warnings())
                .singleElement()
                .asString()
                .contains("odd number");
        assertThat(load("raft.heartbeat = 900 ms").warnings())
                .singleElement()
                .asString()
                .contains("close");
        assertThat(load("listen.address = \":2\"\ncluster.peers = [\"n1=:1\"]").warnings())
                .singleElement()
                .asString()
                .contains("ports");
    }

    @Test
    void shortFormMakesTheSameClusterOfEachMembersCommandLine() {
        ServerConfig first = shortForm(":8080", ":8081", "localhost:10000");
        ServerConfig last = shortForm("127.0.0.1:10000", ":8080", ":8081");

        assertThat(first.cluster()).isEqualTo(last.cluster());
        assertThat(first.cluster().peers())
                .hasToString("[n1=127.0.0.1:8080, n2=127.0.0.1:8081, n3=127.0.0.1:10000]");
        assertThat(first.node()).isEqualTo(new ServerConfig.Node("n1", 1, Path.of("./data/8080")));
        assertThat(last.node()).isEqualTo(new ServerConfig.Node("n3", 3, Path.of("./data/10000")));
        assertThat(first.cluster().name())
                .isNotEqualTo(shortForm(":8080", ":8081").cluster().name());
    }

    @Test
    void shortFormKeepsRanksWithTenMembersAndMore() {
        String[] others = new String[10];
        for (int i = 0; i < others.length; i++) {
            others[i] = ":" + (9000 + i);
        }

        ServerConfig config = shortForm(":9010", others);

        assertThat(config.node().name()).isEqualTo("n11");
        assertThat(config.node().id()).isEqualTo(11);
        assertThat(config.cluster().peers().get(1)).hasToString("n02=127.0.0.1:9001");
    }

    @Test
    void shortFormGivesWayOnlyInTheDataDirectory() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withShortForm(new ShortFormTexts(List.of(":8080"), List.of()))
                .withEnvironment(Map.of("KVD_NODE_DATA_DIR", "./d", "KVD_NODE_NAME", "x")));

        assertThat(values(loaded))
                .containsEntry("node.data-dir", "./d from KVD_NODE_DATA_DIR")
                .containsEntry("node.name", "n1 from --listen");
    }

    @ParameterizedTest
    @CsvSource({
        "':8080', ':8081,127.0.0.1:8080', named twice",
        "':8080', ':8081,:8081', named twice",
        "'8080', '', port is missing",
        "':8080', ':x', not a number"
    })
    void refusesShortFormsThatMakeNoCluster(String listen, String backends, String why) {
        List<String> others = backends.isEmpty() ? List.of() : List.of(backends.split(",", -1));

        ConfigRefused refused = refused(
                ConfigSources.none().withShortForm(new ShortFormTexts(List.of(listen), others)));

        assertThat(refused.what()).contains(why);
    }

    @Test
    void refusesBackendsWithoutAnAddressOfItsOwn() {
        assertThat(refused(ConfigSources.none()
                                .withShortForm(new ShortFormTexts(List.of(), List.of(":1"))))
                        .what())
                .contains("without --listen");
    }

    @Test
    void adminPortIsTwoAboveTheClients() throws IOException {
        assertThat(load(THREE).config().listen().admin())
                .containsExactly(HostPort.parse("127.0.0.1:7402"));
        assertThat(load("listen.admin = none").config().listen().admin()).isEmpty();
        assertThat(load("listen.address = \"127.0.0.1:65534\"")
                        .config()
                        .listen()
                        .admin())
                .isEmpty();
    }

    private static ServerConfig shortForm(String listen, String... backends) {
        ShortFormTexts texts = new ShortFormTexts(List.of(listen), List.of(backends));
        return ConfigLoader.load(ConfigSources.none().withShortForm(texts)).config();
    }

    private static ConfigRefused refused(ConfigSources sources) {
        ConfigRefused refused =
                catchThrowableOfType(ConfigRefused.class, () -> ConfigLoader.load(sources));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static Map<String, String> values(LoadedConfig loaded) {
        return loaded.values().stream()
                .collect(java.util.stream.Collectors.toMap(
                        EffectiveValue::path, v -> v.value() + " from " + v.origin()));
    }

    private LoadedConfig load(String text) throws IOException {
        return ConfigLoader.load(ConfigSources.none().withFile(write("test.conf", text)));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
