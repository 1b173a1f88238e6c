package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.net.Channel;
import io.kvd.simulator.net.Network;

/** A client's connection with a process, both directions. */
final class ClientConnection {
    /** How often an end that sends into nothing is told so again. */
    private static final long RESEND_NANOS = 200_000_000;

    private final long id;
    private final ClientHost client;
    /** The client's own number for it. */
    private final long clientNumber;

    private final NodeProcess process;
    private final Channel requests;
    private final Channel replies;

    /** @param id the world's number for it */
    ClientConnection(long id, ClientHost client, long clientNumber, NodeProcess process) {
        this.id = id;
        this.client = client;
        this.clientNumber = clientNumber;
        this.process = process;
        Network network = process.world().network();
        int here = client.number();
        int there = process.host().number();
        this.requests = network.channel(
                here,
                there,
                Channel.Guarantee.STREAM,
                body -> process.clients().arrived(this, body));
        this.replies = network.channel(
                there, here, Channel.Guarantee.STREAM, body -> client.arrived(this, body));
    }

    long id() {
        return id;
    }

    long clientNumber() {
        return clientNumber;
    }

    NodeProcess process() {
        return process;
    }

    void request(Bytes body) {
        requests.send(body, process.nowNanos());
    }

    void reply(Bytes body, long departureNanos) {
        replies.send(body, departureNanos);
    }

    /** The client leaves. */
    void closedByClient() {
        replies.close();
        requests.end(process.nowNanos());
        process.clients().closed(this);
    }

    /** The process is gone, or it breaks: what of the answers is on its way arrives or not, then the client knows. */
    void closedByProcess() {
        Network network = process.world().network();
        int here = process.host().number();
        long at = process.nowNanos() + network.delayNanos(here, client.number());
        replies.end(at);
        requests.close();
        tellClientAt(at);
    }

    private void tellClientAt(long atNanos) {
        client.plan("client-reset", atNanos, () -> {
            Network network = process.world().network();
            if (network.path(process.host().number(), client.number()).isCut()) {
                tellClientAt(process.nowNanos() + RESEND_NANOS);
            } else {
                client.lost(this, "connection reset");
            }
        });
    }
}
