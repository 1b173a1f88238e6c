package io.kvd.server.net;

/** Where a node listens for its peers; the host may be a name. */
public record PeerAddress(String host, int port) {
    /** {@code host:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
