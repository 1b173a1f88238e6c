package io.kvd.server.runtime.config;

import io.kvd.core.kv.RequestLimits;
import io.kvd.server.runtime.config.ConfigSources.Assignment;
import io.kvd.server.runtime.config.ConfigSources.ShortFormTexts;
import io.kvd.server.runtime.config.LoadedConfig.EffectiveValue;
import io.kvd.server.runtime.config.ServerConfig.Cluster;
import io.kvd.server.runtime.config.ServerConfig.Limits;
import io.kvd.server.runtime.config.ServerConfig.Listen;
import io.kvd.server.runtime.config.ServerConfig.Log;
import io.kvd.server.runtime.config.ServerConfig.Node;
import io.kvd.server.runtime.config.ServerConfig.Raft;
import io.kvd.server.runtime.config.ServerConfig.Storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a configuration of its sources: reads, layers, derives what nobody set, and checks that the parts fit. */
public final class ConfigLoader {
    private static final int ADMIN_PORT_OFFSET = 2;

    private final Settings settings = new Settings();

    private final JvmMemory memory;

    private ConfigLoader(JvmMemory memory) {
        this.memory = memory;
    }

    /**
     * Loads a configuration for this process.
     *
     * @throws ConfigRefused with the first thing that is wrong
     */
    public static LoadedConfig load(ConfigSources sources) {
        return load(sources, JvmMemory.ofThisProcess());
    }

    /** As the other one, for a process with that memory. */
    static LoadedConfig load(ConfigSources sources, JvmMemory memory) {
        ConfigLoader loader = new ConfigLoader(memory);
        loader.layer(sources);
        ServerConfig config = loader.assemble();
        List<String> warnings = new ConfigRules(config, loader.settings).check();
        List<EffectiveValue> values = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            values.add(
                    new EffectiveValue(key.path(), key.print(config), loader.settings.origin(key)));
        }
        return new LoadedConfig(config, values, warnings);
    }

    private void layer(ConfigSources sources) {
        ShortForm shortForm = shortForm(sources.shortForm());
        settings.addAll(shortForm.defaults());
        for (Path file : sources.files()) {
            settings.addAll(ConfigFile.read(file));
        }
        settings.addAll(Environment.read(sources.environment()));
        settings.addAll(shortForm.settings());
        for (Assignment assignment : sources.assignments()) {
            settings.addAll(List.of(setting(assignment)));
        }
    }

    private static ShortForm shortForm(ShortFormTexts texts) {
        if (texts.listen().isEmpty()) {
            if (!texts.backends().isEmpty()) {
                throw new ConfigRefused(
                        "--backend is given without --listen",
                        "--listen is this node's address, --backend the others'",
                        "kvd start --listen :8080 --backend :8081,:8082");
            }
            return ShortForm.NONE;
        }
        return ShortForm.of(texts.listen().get(0), texts.backends());
    }

    private static Setting setting(Assignment assignment) {
        ConfigKey<?> key = ConfigKeys.byPath(assignment.path())
                .orElseThrow(() -> UnknownKey.path(assignment.path(), assignment.option()));
        return new Setting(key.path(), assignment.value(), assignment.option());
    }

    private ServerConfig assemble() {
        String name = settings.value(ConfigKeys.NODE_NAME);
        List<Peer> named = settings.find(ConfigKeys.CLUSTER_PEERS).orElse(List.of());
        HostPort listen =
                settings.find(ConfigKeys.LISTEN_ADDRESS).orElseGet(() -> addressOf(name, named));
        List<Peer> peers = named.isEmpty() ? List.of(new Peer(1, name, listen)) : named;
        MemoryPlan plan = new MemoryPlan(memory, peers.size());
        return new ServerConfig(
                new Node(name, idOf(name, peers), dataDir(name)),
                new Listen(
                        listen,
                        settings.find(ConfigKeys.LISTEN_ADVERTISE)
                                .orElseGet(() -> addressOf(name, peers)),
                        admin(listen),
                        settings.value(ConfigKeys.LISTEN_INSECURE)),
                new Cluster(settings.value(ConfigKeys.CLUSTER_NAME), peers, isListed(named)),
                new Raft(
                        settings.value(ConfigKeys.RAFT_ELECTION_TIMEOUT),
                        settings.value(ConfigKeys.RAFT_HEARTBEAT),
                        settings.value(ConfigKeys.RAFT_LOG_RETAIN),
                        settings.value(ConfigKeys.RAFT_SNAPSHOT_RATE)),
                new Storage(
                        settings.value(ConfigKeys.STORAGE_MEMORY),
                        settings.find(ConfigKeys.STORAGE_ROW_CACHE).orElseGet(plan::rowCacheBytes),
                        settings.value(ConfigKeys.STORAGE_MIN_FREE)),
                limits(plan),
                new Log(
                        settings.value(ConfigKeys.LOG_LEVEL),
                        settings.value(ConfigKeys.LOG_FORMAT),
                        settings.value(ConfigKeys.LOG_SLOW_REQUEST)),
                memory);
    }

    /** Who gives --listen and no --backend has said nothing of others. */
    private boolean isListed(List<Peer> named) {
        return named.size() > 1
                || (!named.isEmpty()
                        && !settings.origin(ConfigKeys.CLUSTER_PEERS).equals(ShortForm.LISTEN));
    }

    /** Beside the port for clients, for this machine only. */
    private List<HostPort> admin(HostPort listen) {
        int port = listen.port() + ADMIN_PORT_OFFSET;
        return settings.find(ConfigKeys.LISTEN_ADMIN)
                .orElseGet(() ->
                        port > HostPort.MAX_PORT ? List.of() : List.of(HostPort.parse(":" + port)));
    }

    private Limits limits(MemoryPlan plan) {
        int keyBytes = Math.toIntExact(settings.value(ConfigKeys.LIMITS_KEY));
        int valueBytes = Math.toIntExact(settings.value(ConfigKeys.LIMITS_VALUE));
        int requestBytes = settings.find(ConfigKeys.LIMITS_REQUEST)
                .map(Math::toIntExact)
                .orElseGet(() -> RequestLimits.smallestRequestBytes(keyBytes, valueBytes));
        long clients = settings.find(ConfigKeys.LIMITS_CLIENTS).orElseGet(plan::clients);
        return new Limits(
                keyBytes,
                valueBytes,
                requestBytes,
                settings.find(ConfigKeys.LIMITS_IN_FLIGHT)
                        .orElseGet(() -> plan.inFlightBytes(requestBytes)),
                settings.find(ConfigKeys.LIMITS_ANSWERS).orElseGet(plan::answerBytes),
                clients,
                settings.find(ConfigKeys.LIMITS_CLIENTS_PER_ADDRESS)
                        .orElseGet(() -> Math.max(1, clients / 2)));
    }

    private Path dataDir(String name) {
        return settings.find(ConfigKeys.NODE_DATA_DIR).orElseGet(() -> Path.of("./data", name));
    }

    private static HostPort addressOf(String name, List<Peer> peers) {
        return peers.stream()
                .filter(peer -> peer.name().equals(name))
                .map(Peer::address)
                .findFirst()
                .orElseGet(() -> HostPort.parse(ConfigKeys.DEFAULT_ADDRESS));
    }

    private long idOf(String name, List<Peer> peers) {
        return peers.stream()
                .filter(peer -> peer.name().equals(name))
                .mapToLong(Peer::nodeId)
                .findFirst()
                .orElseThrow(() -> new ConfigRefused(
                        settings.origin(ConfigKeys.CLUSTER_PEERS)
                                + ": cluster.peers names every member but this one, " + name,
                        "the list is the same on all members, this node too",
                        "add " + name + "=host:port to it, or set node.name"));
    }
}
