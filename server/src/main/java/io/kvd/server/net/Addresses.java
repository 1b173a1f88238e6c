package io.kvd.server.net;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses for people and from people. */
final class Addresses {
    private Addresses() {}

    /** {@code host:port} without a look-up, IPv6 in brackets. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The address that a number such as 127.0.0.1 or ::1 stands for; empty for a name. Never looks anything up. */
    static Optional<InetAddress> literal(String host) {
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(host));
    }

    /** Looks a name up; may block for as long as name servers let it. */
    static InetAddress lookUp(String host) throws UnknownHostException {
        return InetAddress.getByName(host);
    }
}
