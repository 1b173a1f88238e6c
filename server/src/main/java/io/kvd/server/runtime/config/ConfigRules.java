package io.kvd.server.runtime.config;

import io.kvd.core.codec.Wire;
import io.kvd.core.kv.RequestLimits;
import io.kvd.server.runtime.config.ServerConfig.Insecure;
import io.kvd.server.runtime.config.ServerConfig.Limits;
import io.kvd.server.runtime.config.ServerConfig.Raft;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What must hold between keys. */
final class ConfigRules {
    /** With less, one lost heartbeat on a busy machine starts an election. */
    private static final int CALM_HEARTBEATS = 3;

    private final ServerConfig config;
    private final Settings settings;
    private final List<String> warnings = new ArrayList<>();

    ConfigRules(ServerConfig config, Settings settings) {
        this.config = config;
        this.settings = settings;
    }

    /**
     * The warnings.
     *
     * @throws ConfigRefused if a rule is broken
     */
    List<String> check() {
        checkMembers();
        checkListen();
        checkTimes();
        checkLimits();
        config.memoryPlan().check(config);
        return List.copyOf(warnings);
    }

    private void checkMembers() {
        List<Peer> peers = config.cluster().peers();
        for (Peer peer : peers) {
            if (peer.address().isWildcard()) {
                throw new ConfigRefused(
                        origin(ConfigKeys.CLUSTER_PEERS, ConfigKeys.LISTEN_ADDRESS)
                                + ": nobody can reach " + peer.name() + " at " + peer.address(),
                        "it stands for all addresses of a machine; members and clients are told where to connect",
                        "cluster.peers = [\"" + peer.name()
                                + "=host:port\", ...] with a real host");
            }
        }
        if (peers.size() % 2 == 0) {
            warnings.add(peers.size() + " voting members survive no more failures than "
                    + (peers.size() - 1) + " and need one more for a quorum: use an odd number");
        }
    }

    private void checkListen() {
        HostPort listen = config.listen().address();
        Peer self = config.self();
        HostPort advertise = config.listen().advertise();
        if (advertise.isWildcard()) {
            throw new ConfigRefused(
                    settings.origin(ConfigKeys.LISTEN_ADVERTISE) + ": no client can reach "
                            + advertise,
                    "it stands for all addresses of a machine; clients are told where to connect",
                    "listen.advertise = host:port with a host that clients can look up");
        }
        if (listen.port() != self.address().port()) {
            warnings.add("listen.address " + listen + " and cluster.peers " + self
                    + " differ in their ports: right only if something forwards one to the other");
        }
        String origin = origin(ConfigKeys.LISTEN_ADDRESS, ConfigKeys.CLUSTER_PEERS);
        if (config.listen().insecure() == Insecure.REFUSE && !isLoopback(listen, origin)) {
            throw new ConfigRefused(
                    origin + ": refusing to listen on " + listen,
                    "without TLS and users, everyone who reaches it can read and write everything",
                    "--insecure-listen if only trusted machines reach it, or listen.address = "
                            + ConfigKeys.DEFAULT_ADDRESS);
        }
        config.listen().admin().forEach(this::checkAdmin);
    }

    private void checkAdmin(HostPort admin) {
        String origin = settings.origin(ConfigKeys.LISTEN_ADMIN);
        if (admin.port() == config.listen().address().port()) {
            throw new ConfigRefused(
                    origin + ": listen.admin " + admin + " is the port of listen.address",
                    "clients and members speak another protocol than operators' tools",
                    "leave it out, for the port of listen.address plus 2");
        }
        if (config.listen().insecure() == Insecure.REFUSE && !isLoopback(admin, origin)) {
            throw new ConfigRefused(
                    origin + ": refusing to listen on " + admin + " for administration",
                    "without TLS and users, everyone who reaches it sees how the cluster fares",
                    "--insecure-listen if only trusted machines reach it, or leave listen.admin out");
        }
    }

    private static boolean isLoopback(HostPort address, String origin) {
        try {
            return Arrays.stream(InetAddress.getAllByName(address.host()))
                    .allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new ConfigRefused(
                    origin + ": can't listen on " + address,
                    "the name " + address.host() + " is unknown here",
                    "an address of this machine");
        }
    }

    private void checkTimes() {
        Raft raft = config.raft();
        String times = "raft.election-timeout (" + ConfigKeys.RAFT_ELECTION_TIMEOUT.print(config)
                + ") and raft.heartbeat (" + ConfigKeys.RAFT_HEARTBEAT.print(config) + ")";
        int electionTicks = Raft.ticks(raft.electionTimeoutMs());
        int heartbeatTicks = Raft.ticks(raft.heartbeatMs());
        if (electionTicks <= heartbeatTicks) {
            throw new ConfigRefused(
                    origin(ConfigKeys.RAFT_ELECTION_TIMEOUT, ConfigKeys.RAFT_HEARTBEAT) + ": "
                            + times + " don't fit",
                    "followers would start elections between two heartbeats",
                    "an election timeout of ten heartbeats");
        }
        if (electionTicks < CALM_HEARTBEATS * heartbeatTicks) {
            warnings.add(times + " are close: one late heartbeat starts an election");
        }
    }

    private void checkLimits() {
        Limits limits = config.limits();
        long smallestRequest =
                RequestLimits.smallestRequestBytes(limits.keyBytes(), limits.valueBytes());
        mustHold(
                ConfigKeys.LIMITS_REQUEST,
                ConfigKeys.LIMITS_VALUE,
                smallestRequest,
                "a key of limits.key (%s) with a value of limits.value (%s)"
                        .formatted(
                                ConfigKeys.LIMITS_KEY.print(config),
                                ConfigKeys.LIMITS_VALUE.print(config)));
        mustHold(
                ConfigKeys.LIMITS_IN_FLIGHT,
                ConfigKeys.LIMITS_REQUEST,
                limits.requestBytes() + (long) Wire.CLIENT_FRAME_SLACK_BYTES,
                "one request of limits.request (%s)"
                        .formatted(ConfigKeys.LIMITS_REQUEST.print(config)));
    }

    /** What another limit allows, this one may not refuse. */
    private void mustHold(
            ConfigKey<Long> limit, ConfigKey<Long> other, long neededBytes, String what) {
        if (limit.reader().apply(config) < neededBytes) {
            String needed = limit.type().print(neededBytes);
            throw new ConfigRefused(
                    "%s: %s (%s) can't hold %s"
                            .formatted(
                                    origin(limit, other), limit.path(), limit.print(config), what),
                    "that takes %s, so what the one allows the other would always refuse"
                            .formatted(needed),
                    limit.path() + " = " + needed + " or more");
        }
    }

    /** Who set the first of the two that anyone set. */
    private String origin(ConfigKey<?> first, ConfigKey<?> second) {
        String origin = settings.origin(first);
        return origin.equals(Settings.DEFAULT_ORIGIN) ? settings.origin(second) : origin;
    }
}
