package io.kvd.client.io;

import io.kvd.core.client.ClientCall;
import io.kvd.core.client.ClientCore;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.ClientOutput;
import io.kvd.core.client.Outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Connects a {@link ClientCore} to sockets and the clock. Whoever calls {@link #runOnce} drives it, and it belongs to
 * that thread alone; only {@link #wakeup} may be called by others. Requests that arise in one turn leave in one write
 * per connection.
 */
public final class ClientLoop {
    private final ClientCore core;
    private final Selector selector;
    private final Map<Long, Connection> connections = new HashMap<>();
    private final Map<Long, Pending> completions = new HashMap<>();
    private final Lookups lookups = new Lookups();

    /** The connections to be whose host is being looked up. */
    private final Map<Long, ClientOutput.Connect> lookedUp = new HashMap<>();

    /** A call that is not over. */
    private record Pending(ClientCall call, Completion completion) {}

    private long lastCallId;
    private boolean closing;

    /** @param random seeded so that no two clients draw the same session nonce */
    public ClientLoop(ClientOptions options, RandomGenerator random) {
        this.core = new ClientCore(options, random);
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("opening a selector", e);
        }
    }

    /** Starts a call; its outcome comes from a later {@link #runOnce}. */
    public void submit(ClientCall call, Completion completion) {
        long callId = ++lastCallId;
        completions.put(callId, new Pending(call, completion));
        core.submit(callId, call, System.nanoTime());
    }

    /** One turn: does what is due, and waits for at most the given time if nothing is. */
    public void runOnce(long maxWaitNanos) {
        perform();
        if (core.isClosed()) {
            return;
        }
        long waitNanos = Math.min(maxWaitNanos, core.nanosUntilWake(System.nanoTime()));
        try {
            if (waitNanos <= 0) {
                selector.selectNow();
            } else {
                // Rounded up: waking early would only mean one more turn.
                selector.select(waitNanos == Long.MAX_VALUE ? 0 : waitNanos / 1_000_000 + 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for sockets", e);
        }
        long nowNanos = System.nanoTime();
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.isValid() && key.attachment() instanceof Connection connection) {
                ready(connection, nowNanos);
            }
        }
        takeLookups(nowNanos);
        core.wake(nowNanos);
        perform();
    }

    /** Ends the wait of the turn that is under way, or else of the next. From any thread. */
    public void wakeup() {
        selector.wakeup();
    }

    /** Ends all calls and starts to close; to be driven until {@link #isClosed}. */
    public void close() {
        closing = true;
        core.close(System.nanoTime());
        perform();
    }

    /** Whether {@link #close} was called. */
    boolean isClosing() {
        return closing;
    }

    /** Ends what is left without asking the core, which failed: nobody may wait for ever. */
    void abandon(String reason) {
        List<Pending> left = new ArrayList<>(completions.values());
        completions.clear();
        for (Pending pending : left) {
            // Nobody can tell any more whether a write left; a read changes nothing.
            boolean isWrite = pending.call() instanceof ClientCall.Write;
            pending.completion()
                    .completed(
                            isWrite
                                    ? new Outcome.Unknown<>(reason)
                                    : new Outcome.Unavailable<>(Outcome.Reason.CLOSED, reason));
        }
    }

    public boolean isClosed() {
        return core.isClosed();
    }

    private void ready(Connection connection, long nowNanos) {
        try {
            connection.ready(core, nowNanos);
        } catch (IOException e) {
            drop(connection, e, nowNanos);
        }
    }

    /** Carries out what the core decided, until it decides nothing more; then writes what is to be sent. */
    private void perform() {
        do {
            for (List<ClientOutput> outputs = core.takeOutputs();
                    !outputs.isEmpty();
                    outputs = core.takeOutputs()) {
                for (ClientOutput output : outputs) {
                    perform(output);
                }
            }
        } while (!flush());
        if (core.isClosed() && selector.isOpen()) {
            closeSelector();
        }
    }

    private void perform(ClientOutput output) {
        if (output instanceof ClientOutput.Send send) {
            Connection connection = connections.get(send.connection());
            if (connection != null) {
                connection.send(send.request());
            }
        } else if (output instanceof ClientOutput.Complete complete) {
            Pending pending = completions.remove(complete.callId());
            if (pending != null) {
                pending.completion().completed(complete.outcome());
            }
        } else if (output instanceof ClientOutput.Connect connect) {
            connect(connect);
        } else if (output instanceof ClientOutput.Disconnect disconnect) {
            lookedUp.remove(disconnect.connection());
            Connection connection = connections.remove(disconnect.connection());
            if (connection != null) {
                connection.close();
            }
        } else {
            throw new AssertionError("unhandled " + output);
        }
    }

    private void connect(ClientOutput.Connect connect) {
        if (!Addresses.isAddress(connect.address()) || Addresses.isQuick(connect.address())) {
            try {
                dial(connect, Addresses.resolve(connect.address()));
            } catch (IOException e) {
                core.connectionLost(connect.connection(), Addresses.reason(e), System.nanoTime());
            }
        } else {
            lookedUp.put(connect.connection(), connect);
            lookups.start(connect.connection(), connect.address(), selector::wakeup);
        }
    }

    private void takeLookups(long nowNanos) {
        for (Optional<Lookups.Found> next = lookups.poll();
                next.isPresent();
                next = lookups.poll()) {
            Lookups.Found found = next.get();
            ClientOutput.Connect connect = lookedUp.remove(found.connection());
            if (connect == null) {
                continue;
            }
            if (!found.addresses().isEmpty()) {
                dial(connect, found.addresses().get(0));
            } else {
                core.connectionLost(found.connection(), found.failure(), nowNanos);
            }
        }
    }

    private void dial(ClientOutput.Connect connect, InetSocketAddress address) {
        try {
            Connection connection =
                    Connection.dial(connect.connection(), address, connect.handshake(), selector);
            connections.put(connect.connection(), connection);
            if (connection.isConnected()) {
                core.accepted(connect.connection());
            }
        } catch (IOException e) {
            core.connectionLost(connect.connection(), Addresses.reason(e), System.nanoTime());
        }
    }

    /** Writes to all connections; whether none failed. */
    private boolean flush() {
        List<Connection> failed = new ArrayList<>(0);
        for (Connection connection : connections.values()) {
            try {
                connection.flush();
            } catch (IOException e) {
                failed.add(connection);
            }
        }
        for (Connection connection : failed) {
            drop(connection, new IOException("closed by the server"), System.nanoTime());
        }
        return failed.isEmpty();
    }

    private void drop(Connection connection, IOException failure, long nowNanos) {
        connections.remove(connection.id());
        connection.close();
        core.notSent(connection.id(), connection.firstUnwritten());
        core.connectionLost(connection.id(), Addresses.reason(failure), nowNanos);
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a selector", e);
        }
    }
}
