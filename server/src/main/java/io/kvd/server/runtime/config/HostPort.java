package io.kvd.server.runtime.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A TCP address as people write it: {@code 10.0.0.1:7400}, {@code db1.example:7400}, {@code [::1]:7400}, and
 * {@code :7400} for this machine. Ordered by host, then port.
 *
 * @param host lower case, without brackets; {@code localhost} is kept as 127.0.0.1, so that all members of a cluster
 *     write one address in one way
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) implements Comparable<HostPort> {
    static final String FORM = "host:port, [IPv6]:port, or :port for this machine; port 1 to 65535";

    private static final Comparator<HostPort> ORDER =
            Comparator.comparing(HostPort::host).thenComparingInt(HostPort::port);
    static final int MAX_PORT = 65_535;

    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_HOST_LENGTH = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException with a sentence, if the text is not one
     */
    public static HostPort parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        int colon = trimmed.lastIndexOf(':');
        if (colon < 0 || trimmed.endsWith("]")) {
            throw new IllegalArgumentException("the port is missing");
        }
        int port = parsePort(trimmed.substring(colon + 1));
        String host = trimmed.substring(0, colon);
        if (host.isEmpty() || host.equals("localhost")) {
            return new HostPort(LOOPBACK, port);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            return new HostPort(checkedIpv6(host.substring(1, host.length() - 1)), port);
        }
        return new HostPort(checkedName(host), port);
    }

    /** Whether this stands for every address of the machine, which nobody can connect to from elsewhere. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || (host.contains(":") && literal(host).isAnyLocalAddress());
    }

    @Override
    public int compareTo(HostPort other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static int parsePort(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("the port is not a number of 1 to 65535");
        }
        int port = Integer.parseInt(text);
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is outside 1 to 65535");
        }
        return port;
    }

    private static String checkedName(String host) {
        if (host.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address goes in brackets: [::1]:7400");
        }
        if (NUMERIC.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            throw new IllegalArgumentException(host + " is not an IPv4 address");
        }
        if (host.length() > MAX_HOST_LENGTH || !NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("\"" + host + "\" is not a host name");
        }
        return host;
    }

    private static String checkedIpv6(String host) {
        if (!IPV6.matcher(host).matches()) {
            throw new IllegalArgumentException("[" + host + "] is not an IPv6 address");
        }
        literal(host);
        return host;
    }

    /** A literal with colons is never looked up in DNS. */
    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("[" + host + "] is not an IPv6 address", e);
        }
    }
}
