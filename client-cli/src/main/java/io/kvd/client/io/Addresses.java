package io.kvd.client.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** Addresses as people write them, {@code host:port} or {@code [v6]:port}, and failures as people read them. */
public final class Addresses {
    private static final int MAX_PORT = 0xffff;

    private Addresses() {}

    /** Whether the text has the form of an address; whether the host exists is another question. */
    public static boolean isAddress(String text) {
        return port(text) > 0 && !host(text).isEmpty();
    }

    /**
     * Finds the IP address of the host, which may take the time of a look-up.
     *
     * @throws IOException with a sentence that names what is wrong
     */
    static InetSocketAddress resolve(String address) throws IOException {
        if (!isAddress(address)) {
            throw new IOException("not an address of the form host:port");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host(address)), port(address));
        } catch (UnknownHostException e) {
            throw new IOException("unknown host " + host(address), e);
        }
    }

    /** Whether {@link #resolve} answers without asking anybody. */
    static boolean isQuick(String address) {
        String host = host(address);
        if (host.startsWith("[") || host.equals("localhost")) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** The reason of a failed connection as a clause. */
    static String reason(IOException failure) {
        String message = failure.getMessage();
        if (message == null || message.isEmpty()) {
            return failure.getClass().getSimpleName();
        }
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon);
        // A bare IPv6 address has colons of its own: which is the port's can't be told without
        // brackets.
        return host.indexOf(':') >= 0 && !(host.startsWith("[") && host.endsWith("]")) ? "" : host;
    }

    /** -1 if it is none. */
    private static int port(String address) {
        int port = 0;
        int from = address.lastIndexOf(':') + 1;
        if (from == address.length() || address.length() - from > 5) {
            return -1;
        }
        for (int i = from; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + (c - '0');
        }
        return port <= MAX_PORT ? port : -1;
    }
}
