package io.kvd.server.runtime.config;

/**
 * One member of the cluster as the configuration names it.
 *
 * @param nodeId its rank, from 1, among all members sorted by name
 * @param name unique in the cluster
 * @param address where the other members and clients reach it
 */
public record Peer(long nodeId, String name, HostPort address) {
    @Override
    public String toString() {
        return name + "=" + address;
    }
}
