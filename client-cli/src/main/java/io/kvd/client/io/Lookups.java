package io.kvd.client.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Finds the IP addresses of host names on threads of their own, since the JDK's look-up blocks for as long as a name
 * server is silent. Started on the loop's thread, as are its answers taken.
 */
final class Lookups {
    /** The answer for one connection to be: an address, or else why there is none. */
    record Found(long connection, List<InetSocketAddress> addresses, String failure) {}

    private final ConcurrentLinkedQueue<Found> found = new ConcurrentLinkedQueue<>();

    /**
     * Looks up the address's host.
     *
     * @param wakeup run when the answer can be taken
     */
    void start(long connection, String address, Runnable wakeup) {
        Thread thread = new Thread(
                () -> {
                    found.add(lookUp(connection, address));
                    wakeup.run();
                },
                "kvd-client-lookup-" + address);
        thread.setDaemon(true);
        thread.start();
    }

    Optional<Found> poll() {
        return Optional.ofNullable(found.poll());
    }

    private static Found lookUp(long connection, String address) {
        try {
            return new Found(connection, List.of(Addresses.resolve(address)), "");
        } catch (IOException e) {
            return new Found(connection, List.of(), Addresses.reason(e));
        }
    }
}
