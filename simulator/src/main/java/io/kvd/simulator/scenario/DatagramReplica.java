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
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.RoleName;
import io.kvd.core.raft.Run;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
     * Heartbeats every 500 ms, elections after 1.5 to 3 s, thrifty rounds. An answer is late after 3 ms, or up to 15
     * where that is usual. What one datagram takes bounds an append: a third more in base64, and its envelope.
     */
    public static final NodeOptions PROFILE = NodeOptions.DEFAULT
            .withRaft(new RaftOptions(
                            1, 500, 1500, 40 << 10, 64, 4 << 20, 16 << 20, 16 << 20, 4 << 20, 4096)
                    .withLateAnswerTicks(3))
            // Nobody is sent a snapshot: what does not fit into a datagram can't be sent.
            .withLog(16 << 20, 16 << 20, Long.MAX_VALUE);

    /**
     * No replica may be sent to before it said hello, which the others don't see: so nobody says anything before all
     * have had the time to start, and yet a leader is there when the first requests come 5 s after the launch.
     */
    public static final long QUIET_NANOS = 4_100_000_000L;

    private static final long ELECTION_NANOS =
            1_000_000L * PROFILE.raft().electionTicks() * PROFILE.raft().tickMs();
    /** For so long after its last message a leader is taken for alive: a heartbeat, and what delays it. */
    private static final long FRESH_NANOS = 600_000_000;

    /** While no answer is awaited, time passes in steps of so much: a tick each would be many wakings for nothing. */
    private static final long IDLE_STEP_NANOS = 5_000_000;
    /** An append that is not answered by then is as good as lost, and was sent again. */
    private static final long AWAITED_NANOS = 20_000_000;

    private final Members members;
    private final long ownNodeId;
    private final Consumer<Datagram> network;
    private final ReplicaLoops loops;
    private final ClientDesk desk;
    private final AnswerPacer pacer;
    private final AnswerNotices notices = new AnswerNotices();
    private long leaderId;
    /** Whom an AppendEntries came from since the last run; 0 = nobody. */
    private long heardFrom;
    /** When the leader was last heard. */
    private long heardNanos = Long.MIN_VALUE / 2;
    /** The moment of the last run. */
    private long ranNanos = Long.MIN_VALUE / 2;
    /** When the last AppendEntries left. */
    private long appendedNanos = Long.MIN_VALUE / 2;

    /**
     * @param ownId 4 hex digits
     * @param otherIds of all other replicas
     * @param random draws election timeouts
     * @param network takes what is to be sent
     * @param launchedNanos when this replica was launched, and the others with it, on the clock that {@link #run} will
     *     be given: perhaps long before it could be made
     */
    public DatagramReplica(
            String ownId,
            List<String> otherIds,
            RandomGenerator random,
            Consumer<Datagram> network,
            long launchedNanos) {
        this.members = new Members(ownId, otherIds);
        this.ownNodeId = Members.nodeId(ownId);
        this.network = network;
        this.desk = new ClientDesk(new Counter());
        this.pacer = new AnswerPacer(network);
        this.loops = new ReplicaLoops(
                new ReplicaLoops.Plan(members.cluster(), members.storeIds(), PROFILE),
                random,
                new World(),
                // Its clock begins then, so no timer expires before.
                launchedNanos + QUIET_NANOS - ELECTION_NANOS);
    }

    /** Says hello. Called once, first. */
    public void start() {
        network.accept(new Datagram(
                members.ownId(), Datagram.EVERYONE, Datagram.UNKNOWN, Datagram.HELLO, Map.of()));
        loops.start();
    }

    /** Takes a datagram in; what follows from it happens in the next {@link #run}. What makes no sense is dropped. */
    public void receive(Datagram datagram) {
        if (!datagram.dst().equals(members.ownId()) || datagram.src().equals(members.ownId())) {
            return;
        }
        if (members.contains(datagram.src())) {
            receiveFromMember(datagram);
        } else if (isRequest(datagram)) {
            desk.receive(DeskRequest.of(datagram));
        }
    }

    // Without a MID there is nothing that an answer could refer to; everyone is no client.
    private static boolean isRequest(Datagram datagram) {
        boolean isKnown =
                datagram.type().equals(Datagram.GET) || datagram.type().equals(Datagram.PUT);
        return isKnown && datagram.has(Datagram.MID) && !datagram.src().equals(Datagram.EVERYONE);
    }

    private void receiveFromMember(Datagram datagram) {
        if (datagram.type().equals(Datagram.RAFT)) {
            receiveFrame(datagram);
        }
        if (datagram.type().equals(Datagram.RAFT) || datagram.type().equals(Datagram.ANSWERED)) {
            desk.answeredUpTo(indexIn(datagram.field(Datagram.ANSWERED)));
        }
    }

    /** 0 if it is no log index. */
    private static long indexIn(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
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
        ranNanos = nowNanos;
        pacer.run(nowNanos);
        loops.run(nowNanos);
        boolean isFollowing = leaderId != NodeId.NONE && leaderId != ownNodeId;
        if (isFollowing && heardFrom == leaderId) {
            heardNanos = nowNanos;
            desk.heardLeader();
        } else if (isFollowing && nowNanos - heardNanos < FRESH_NANOS) {
            desk.leaderIsFresh();
        }
        heardFrom = NodeId.NONE;
        loops.run(nowNanos);
        notices.run(desk.answeredIndex(), nowNanos, id -> send(id, Datagram.ANSWERED, Map.of()));
    }

    /** When {@link #run} is to be called at the latest. */
    public long nextWakeNanos() {
        boolean isIdle = ranNanos - appendedNanos > AWAITED_NANOS;
        long tickNanos = Math.max(loops.nextWakeNanos(), isIdle ? ranNanos + IDLE_STEP_NANOS : 0);
        return Math.min(tickNanos, Math.min(pacer.nextWakeNanos(), notices.nextWakeNanos()));
    }

    /** Says to another replica what it is to be told, and how far clients were answered. */
    private void send(String to, String type, Map<String, String> fields) {
        long answered = desk.answeredIndex();
        notices.told(to, answered);
        Map<String, String> all = new TreeMap<>(fields);
        all.put(Datagram.ANSWERED, Long.toString(answered));
        network.accept(new Datagram(members.ownId(), to, members.id(leaderId), type, all));
    }

    private final class Counter implements ClientDesk.Counter {
        @Override
        public void submit(ClientRequest request) {
            loops.post(new NodeInput.ClientRequests(List.of(request)));
        }

        @Override
        public void answer(DeskRequest request, String type, String value) {
            boolean isRead = type.equals(Datagram.OK) && !request.isPut();
            Map<String, String> fields = isRead
                    ? Map.of(Datagram.MID, request.mid(), Datagram.VALUE, value)
                    : Map.of(Datagram.MID, request.mid());
            pacer.send(
                    request.key(),
                    new Datagram(
                            members.ownId(), request.client(), members.id(leaderId), type, fields));
        }
    }

    private final class World implements ReplicaLoops.Surroundings {
        @Override
        public void send(Message message) {
            if (message instanceof Message.AppendEntries append) {
                appendedNanos = ranNanos;
                List<Run> runs = append.entries();
                if (!runs.isEmpty()) {
                    notices.sentEntry(
                            members.id(message.to()), runs.get(runs.size() - 1).lastIndex());
                }
            }
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
