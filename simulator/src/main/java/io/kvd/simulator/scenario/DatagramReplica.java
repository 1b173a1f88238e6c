package io.kvd.simulator.scenario;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.codec.Wire;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.RoleName;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A replica that speaks {@link Datagram}s: the production loops, in memory, in the scenarios' profile. Has neither
 * socket nor clock nor thread: what came is handed in, {@link #run} does what is to be done by then, and what is to be
 * sent goes to the consumer. Owned by one thread.
 *
 * <p>It forgets everything when it ends, so an id must not be started a second time.
 */
public final class DatagramReplica {
    /**
     * Heartbeats every 500 ms, elections after 1.5 to 3 s, thrifty rounds. An answer is late after 10 to 15 ms. What
     * one datagram takes bounds an append: a third more in base64, and its envelope.
     */
    public static final NodeOptions PROFILE = NodeOptions.DEFAULT
            .withRaft(new RaftOptions(
                            5, 100, 300, 40 << 10, 64, 4 << 20, 16 << 20, 16 << 20, 4 << 20, 4096)
                    .withLateAnswerTicks(3))
            // Nobody is sent a snapshot: what does not fit into a datagram can't be sent.
            .withLog(16 << 20, 16 << 20, Long.MAX_VALUE);

    private final Members members;
    private final Consumer<Datagram> network;
    private final ReplicaLoops loops;
    private final ClientDesk desk;
    private long leaderId;
    /** Whom an AppendEntries came from since the last run; 0 = nobody. */
    private long heardFrom;

    /**
     * @param ownId 4 hex digits
     * @param otherIds of all other replicas
     * @param random draws election timeouts
     * @param network takes what is to be sent
     * @param nowNanos on the clock that {@link #run} will be given
     */
    public DatagramReplica(
            String ownId,
            List<String> otherIds,
            RandomGenerator random,
            Consumer<Datagram> network,
            long nowNanos) {
        this.members = new Members(ownId, otherIds);
        this.network = network;
        this.desk = new ClientDesk(Members.nodeId(ownId), new Counter());
        this.loops = new ReplicaLoops(
                new ReplicaLoops.Plan(members.cluster(), members.storeIds(), PROFILE),
                random,
                new World(),
                nowNanos);
    }

    /** Says hello. Called once, first. */
    public void start() {
        send(Datagram.EVERYONE, Datagram.HELLO, Map.of());
        loops.start();
    }

    /** Takes a datagram in; what follows from it happens in the next {@link #run}. What makes no sense is dropped. */
    public void receive(Datagram datagram) {
        boolean isForMe =
                datagram.dst().equals(members.ownId()) || datagram.dst().equals(Datagram.EVERYONE);
        if (!isForMe) {
            return;
        }
        if (datagram.type().equals(Datagram.RAFT) && members.contains(datagram.src())) {
            receiveFrame(datagram);
        } else if (datagram.type().equals(Datagram.GET) || datagram.type().equals(Datagram.PUT)) {
            desk.receive(datagram);
        }
    }

    private void receiveFrame(Datagram datagram) {
        List<PeerPayload> payloads;
        try {
            payloads = PeerFrames.decode(
                    Bytes.of(Base64.getDecoder().decode(datagram.field(Datagram.FRAME))));
        } catch (DamagedException | IllegalArgumentException damaged) {
            return;
        }
        for (PeerPayload payload : payloads) {
            if (payload instanceof PeerPayload.OfReplica replica) {
                loops.post(new NodeInput.PeerMessages(
                        members.identity(datagram.src()), List.of(replica.message())));
                if (replica.message() instanceof Message.AppendEntries append) {
                    heardFrom = append.from();
                }
            }
        }
    }

    /** Does all that is to be done by now. */
    public void run(long nowNanos) {
        loops.run(nowNanos);
        if (heardFrom != 0 && heardFrom == leaderId) {
            desk.heardLeader();
        }
        heardFrom = 0;
        loops.run(nowNanos);
    }

    /** When {@link #run} is to be called at the latest. */
    public long nextWakeNanos() {
        return loops.nextWakeNanos();
    }

    private void send(String to, String type, Map<String, String> fields) {
        network.accept(new Datagram(members.ownId(), to, members.id(leaderId), type, fields));
    }

    private final class Counter implements ClientDesk.Counter {
        @Override
        public void submit(ClientRequest request) {
            loops.post(new NodeInput.ClientRequests(List.of(request)));
        }

        @Override
        public void answer(ClientDesk.Request request, String type, String value) {
            boolean isRead = type.equals(Datagram.OK) && request.type().equals(Datagram.GET);
            send(
                    request.client(),
                    type,
                    isRead
                            ? Map.of(Datagram.MID, request.mid(), Datagram.VALUE, value)
                            : Map.of(Datagram.MID, request.mid()));
        }
    }

    private final class World implements ReplicaLoops.Surroundings {
        @Override
        public void send(Message message) {
            PeerPayload payload = new PeerPayload.OfReplica(message);
            BytesWriter frame = new BytesWriter(PeerFrames.estimatedBytes(payload));
            PeerFrames.encode(List.of(payload)).forEach(frame::put);
            byte[] body = frame.toBytes().slice(Wire.FRAME_LENGTH_BYTES).toArray();
            DatagramReplica.this.send(
                    members.id(message.to()),
                    Datagram.RAFT,
                    Map.of(Datagram.FRAME, Base64.getEncoder().encodeToString(body)));
        }

        @Override
        public void executed(ApplyInput.ApplyBatch batch) {
            desk.executed(batch);
        }

        @Override
        public void replied(ClientReply reply) {
            desk.replied(reply);
        }

        @Override
        public void happened(NodeEvents.Event event) {
            if (event instanceof NodeEvents.RoleTaken taken) {
                leaderId = taken.leaderId();
                if (taken.role() == RoleName.LEADER) {
                    desk.tookOffice(taken.term());
                } else {
                    desk.leftOffice();
                }
            }
        }
    }
}
