package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses for people and from people. */
final class Addresses {
    private static final int IPV6_NETWORK_BYTES = 8;

    private Addresses() {}

    /** {@code host:port} without a look-up, IPv6 in brackets. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /**
     * What is taken for one machine: an IPv4 address, or the first 64 bits of an IPv6 address, of which a machine has
     * as many others as it likes (RFC 4291 §2.5.1). Empty if the connection is gone.
     */
    static Bytes machine(@Nullable InetSocketAddress remote) {
        if (remote == null || remote.isUnresolved()) {
            return Bytes.EMPTY;
        }
        Bytes whole = Bytes.of(remote.getAddress().getAddress());
        return remote.getAddress() instanceof Inet6Address
                ? whole.slice(0, IPV6_NETWORK_BYTES)
                : whole;
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
