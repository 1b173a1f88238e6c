package io.kvd.server.net;

import java.util.Optional;

/** Where a node listens for its peers; the host may be a name. */
public record PeerAddress(String host, int port) {
    private static final int MAX_PORT = 0xffff;

    /** What {@link #toString} made, or a member says of itself; empty if it is no address. Looks nothing up. */
    static Optional<PeerAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon <= 0 || !port.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int number = Integer.parseInt(port);
        String host = text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
        boolean isHost = !bare.isBlank() && (isBracketed || !bare.contains(":"));
        return isHost && number > 0 && number <= MAX_PORT
                ? Optional.of(new PeerAddress(bare, number))
                : Optional.empty();
    }

    /** {@code host:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
