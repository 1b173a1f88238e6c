package io.kvd.server.runtime;

import io.kvd.core.kv.RequestLimits;
import io.kvd.core.node.AnswerLimits;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.SnapshotOptions;
import io.kvd.server.net.NetOptions;
import io.kvd.server.net.PeerAddress;
import io.kvd.server.runtime.config.HostPort;
import io.kvd.server.runtime.config.Peer;
import io.kvd.server.runtime.config.ServerConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each room is told of the configuration, in its own words. */
final class ServerOptions {
    private final ServerConfig config;

    ServerOptions(ServerConfig config) {
        this.config = config;
    }

    NodeOptions node() {
        NodeOptions usual = NodeOptions.DEFAULT;
        SnapshotOptions snapshots = usual.snapshots();
        ServerConfig.Bounds bounds = config.bounds();
        return usual.withRaft(config.raft()
                        .options()
                        .withMemory(bounds.windowBytes(), bounds.tailBytes()))
                .withLog(
                        usual.flushAfterBytes(),
                        usual.logTailBytes(),
                        config.raft().logRetainBytes())
                .withRowCache(config.storage().rowCacheBytes())
                .withAnswers(AnswerLimits.of(config.limits().answerBytes(), requests()))
                .withSnapshots(new SnapshotOptions(
                        config.raft().snapshotBytesPerSecond(),
                        snapshots.chunkBytes(),
                        snapshots.windowBytes()));
    }

    InitialCluster cluster() {
        List<InitialCluster.InitialMember> members = new ArrayList<>();
        for (Peer peer : config.cluster().peers()) {
            String address = peer.address().toString();
            // Of the others this is a first guess: each tells its own.
            boolean isSelf = peer.nodeId() == config.node().id();
            String client = isSelf ? config.listen().advertise().toString() : address;
            members.add(
                    new InitialCluster.InitialMember(peer.nodeId(), peer.name(), address, client));
        }
        return new InitialCluster(
                config.cluster().name(),
                config.node().id(),
                members,
                config.cluster().isListed()
                        ? InitialCluster.Founding.AT_ONCE
                        : InitialCluster.Founding.WHEN_UNCLAIMED);
    }

    NetOptions net() {
        NetOptions usual = NetOptions.DEFAULT;
        ServerConfig.Limits limits = config.limits();
        NetOptions.Budget budget =
                new NetOptions.Budget(limits.inFlightBytes(), usual.budget().reserveBytes(), (int)
                        Math.min(usual.budget().connectionBytes(), limits.inFlightBytes() / 4));
        ServerConfig.Bounds bounds = config.bounds();
        NetOptions.ConnectionLimits connections = new NetOptions.ConnectionLimits(
                (int) limits.clients(),
                (int) limits.clientsPerAddress(),
                bounds.pendingConnections(),
                usual.connections().maxOutboundBytes());
        NetOptions.PeerLimits peers = usual.peers();
        return new NetOptions(
                NetOptions.defaultThreads(Runtime.getRuntime().availableProcessors()),
                connections,
                requests(),
                budget,
                usual.timeouts(),
                new NetOptions.PeerLimits(
                        bounds.peerBulkBytes(),
                        peers.reserveBytes(),
                        peers.connectMs(),
                        peers.minBackoffMs(),
                        peers.maxBackoffMs()));
    }

    RequestLimits requests() {
        ServerConfig.Limits limits = config.limits();
        return new RequestLimits(limits.keyBytes(), limits.valueBytes(), limits.requestBytes());
    }

    PeerAddress listen() {
        return peerAddress(config.listen().address());
    }

    Map<Long, PeerAddress> peers() {
        Map<Long, PeerAddress> peers = new TreeMap<>();
        for (Peer peer : config.cluster().peers()) {
            peers.put(peer.nodeId(), peerAddress(peer.address()));
        }
        return peers;
    }

    private static PeerAddress peerAddress(HostPort address) {
        return new PeerAddress(address.host(), address.port());
    }
}
