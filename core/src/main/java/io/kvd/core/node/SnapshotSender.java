package io.kvd.core.node;

import io.kvd.core.codec.Transfer;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.RaftOptions;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A leader's side of snapshots in transfer: finds the member that needs one, has it made, and sends it piece by piece,
 * not faster than it may and not further ahead of the answers than the window. Whatever is lost is sent again from
 * where the receiver stands. One at a time; owned by the raft thread.
 */
final class SnapshotSender {
    /** Election timeouts without an answer, after which a transfer is given up. */
    private static final int PATIENCE = 10;

    /** Election timeouts between a member's transfer that failed and its next one: doubled each time, up to this. */
    private static final int MAX_PAUSE = 8;

    private final long groupId;
    private final PeerIdentity self;
    private final SnapshotOptions options;
    private final RaftOptions raft;
    private final NodeEvents events;

    private Optional<Sending> current = Optional.empty();
    private long lastNumber;
    private long ticks;
    /** By node id: members that had a transfer in this term of office. */
    private final TreeMap<Long, Pause> pauses = new TreeMap<>();
    /** Bytes that may be sent now. */
    private long allowance;

    /**
     * Who waits for its next transfer, so that others have their turn, and until when.
     *
     * @param timeouts how many election timeouts it waits
     */
    private record Pause(int timeouts, long endTick) {
        static final Pause NONE = new Pause(1, 0);
    }

    /** One transfer. */
    private static final class Sending {
        private final Transfer.Route route;
        /** What is applied here; the snapshot holds it or more. */
        private final long appliedIndex;
        /** Empty while it is being made. */
        private Optional<SnapshotManifest> manifest = Optional.empty();
        /** Whether the receiver wants it. */
        private boolean accepted;
        /** The receiver wrote all before it. */
        private long ackedPosition;
        /** All before it was read to be sent, since the last time that it went back. */
        private long readPosition;
        /** When the receiver said something. */
        private long heardTick;
        /** When it was asked how far it is. */
        private long askedTick;
        /** When sending went back to where the receiver stood. */
        private long wentBackTick = Long.MIN_VALUE / 2;

        private Sending(Transfer.Route route, long appliedIndex, long tick) {
            this.route = route;
            this.appliedIndex = appliedIndex;
            this.heardTick = tick;
            this.askedTick = tick;
        }
    }

    SnapshotSender(long groupId, PeerIdentity self, NodeOptions options, NodeEvents events) {
        this.groupId = groupId;
        this.self = self;
        this.options = options.snapshots();
        this.raft = options.raft();
        this.events = events;
    }

    /**
     * One tick passed.
     *
     * @param peers the other members
     * @param appliedIndex of the live state: a snapshot of it will be at least there
     * @param generation of the live state
     */
    void tick(
            Supplier<List<PeerStatus>> peers, long appliedIndex, long generation, TurnOutput out) {
        ticks++;
        long perTick = Math.max(1, options.bytesPerSecond() * raft.tickMs() / 1000);
        // After a pause, at most what a heartbeat's time allows.
        long burst = Math.max(options.chunkBytes(), perTick * raft.heartbeatTicks());
        allowance = Math.min(burst, allowance + perTick);
        if (ticks % raft.heartbeatTicks() == 0) {
            look(peers.get(), appliedIndex, generation, out);
        }
        current.ifPresent(sending -> {
            askAgain(sending, out);
            readOn(sending, out);
        });
    }

    // Who needs one, and whether the one under way is still needed.
    private void look(List<PeerStatus> peers, long appliedIndex, long generation, TurnOutput out) {
        if (current.isPresent() && !needs(peers, current.get().route.to())) {
            end(
                    ackedBytes() == totalBytes()
                            ? NodeEvents.SendStep.INSTALLED
                            : NodeEvents.SendStep.NOT_NEEDED,
                    out);
        }
        if (current.isPresent()) {
            return;
        }
        for (PeerStatus peer : peers) {
            // Of a dead one nobody knows what it will need.
            if (peer.belowLogStart()
                    && peer.ticksSinceAnswer() < raft.electionTicks()
                    && ticks >= pauseOf(peer.nodeId()).endTick()) {
                lastNumber++;
                Transfer.Route route = new Transfer.Route(
                        groupId, self.nodeId(), peer.nodeId(), self.incarnation(), lastNumber);
                current = Optional.of(new Sending(route, appliedIndex, ticks));
                out.work(new SnapshotWork.Make(groupId, lastNumber, generation));
                return;
            }
        }
    }

    private static boolean needs(List<PeerStatus> peers, long nodeId) {
        for (PeerStatus peer : peers) {
            if (peer.nodeId() == nodeId) {
                return peer.belowLogStart();
            }
        }
        return false;
    }

    private void askAgain(Sending sending, TurnOutput out) {
        if (sending.manifest.isEmpty()) {
            return;
        }
        if (ticks - sending.heardTick >= (long) PATIENCE * raft.electionTicks()) {
            end(NodeEvents.SendStep.GIVEN_UP, out);
        } else if (ticks - Math.max(sending.heardTick, sending.askedTick) >= raft.electionTicks()) {
            sending.readPosition = sending.ackedPosition;
            offer(sending, out);
        }
    }

    // An offer is also the question how far the receiver is.
    private void offer(Sending sending, TurnOutput out) {
        sending.askedTick = ticks;
        sending.manifest.ifPresent(
                manifest -> out.send(new Transfer.Offer(sending.route, manifest)));
    }

    private void readOn(Sending sending, TurnOutput out) {
        if (sending.manifest.isEmpty() || !sending.accepted) {
            return;
        }
        SnapshotManifest manifest = sending.manifest.get();
        long size = manifest.sizeBytes();
        while (sending.readPosition < size
                && sending.readPosition - sending.ackedPosition < options.windowBytes()
                && allowance > 0) {
            long from = sending.readPosition;
            int bytes = (int) Math.min(options.chunkBytes(), manifest.at(from).bytesLeft());
            out.work(new SnapshotWork.Read(groupId, sending.route.number(), from, bytes));
            sending.readPosition += bytes;
            allowance -= bytes;
        }
    }

    void made(NodeInput.SnapshotMade made, TurnOutput out) {
        Optional<Sending> sending = current.filter(s -> s.route.number() == made.number());
        if (sending.isEmpty()) {
            out.work(new SnapshotWork.Release(groupId, made.number()));
            return;
        }
        sending.get().manifest = Optional.of(made.manifest());
        sending.get().heardTick = ticks;
        happened(sending.get(), NodeEvents.SendStep.BEGUN);
        if (made.manifest().files().size() > SnapshotManifest.MAX_FILES) {
            // Its offer would break the connection, and heartbeats with it.
            end(NodeEvents.SendStep.GIVEN_UP, out);
            return;
        }
        offer(sending.get(), out);
    }

    void chunkRead(NodeInput.ChunkRead chunk, TurnOutput out) {
        current.filter(s -> s.route.number() == chunk.number())
                .ifPresent(s -> out.send(new Transfer.Chunk(
                        s.route, chunk.position(), chunk.checksum(), chunk.bytes())));
    }

    void progressed(Transfer.Progress progress, TurnOutput out) {
        Optional<Sending> found =
                current.filter(s -> s.route.equals(progress.route().reversed()));
        if (found.isEmpty() || found.get().manifest.isEmpty()) {
            return;
        }
        Sending sending = found.get();
        sending.heardTick = ticks;
        switch (progress.stage()) {
            case RECEIVING -> {
                sending.accepted = true;
                advance(sending, progress.position());
                readOn(sending, out);
            }
            case UNKNOWN -> {
                boolean isNews = sending.accepted;
                sending.accepted = false;
                sending.ackedPosition = 0;
                sending.readPosition = 0;
                if (isNews) {
                    offer(sending, out);
                }
            }
            case DONE -> end(NodeEvents.SendStep.INSTALLED, out);
            case UNUSABLE -> end(NodeEvents.SendStep.GIVEN_UP, out);
        }
    }

    // An answer that says nothing new follows a chunk that came out of order or damaged: one before
    // it was lost. One that says less is late, or of a receiver that was restarted and began anew.
    private void advance(Sending sending, long position) {
        if (position > sending.ackedPosition) {
            sending.ackedPosition = Math.min(position, totalBytes());
            sending.readPosition = Math.max(sending.readPosition, sending.ackedPosition);
        } else if (sending.readPosition > position
                && ticks - sending.wentBackTick >= raft.heartbeatTicks()) {
            sending.ackedPosition = position;
            sending.readPosition = position;
            sending.wentBackTick = ticks;
        }
    }

    /** The office is lost, or the process ends. */
    void stop(TurnOutput out) {
        if (current.isPresent()) {
            end(NodeEvents.SendStep.GIVEN_UP, out);
        }
        pauses.clear();
    }

    private void end(NodeEvents.SendStep step, TurnOutput out) {
        Sending sending = current.get();
        current = Optional.empty();
        // Made or still being made: what was handed out before comes first.
        out.work(new SnapshotWork.Release(groupId, sending.route.number()));
        happened(sending, step);
        // What made it fail, a full disk at the other end say, does not pass soon; and who has it
        // all has yet to say so.
        long nodeId = sending.route.to();
        int timeouts = step == NodeEvents.SendStep.GIVEN_UP
                ? Math.min(MAX_PAUSE, 2 * pauseOf(nodeId).timeouts())
                : Pause.NONE.timeouts();
        pauses.put(nodeId, new Pause(timeouts, ticks + (long) timeouts * raft.electionTicks()));
    }

    private Pause pauseOf(long nodeId) {
        return pauses.getOrDefault(nodeId, Pause.NONE);
    }

    private void happened(Sending sending, NodeEvents.SendStep step) {
        sending.manifest.ifPresent(manifest -> events.happened(new NodeEvents.SnapshotSent(
                groupId, sending.route.to(), manifest.last(), manifest.sizeBytes(), step)));
    }

    /** The last entry of what is being sent: the log behind it is needed; {@link Long#MAX_VALUE} if nothing is. */
    long transferIndex() {
        return current.map(s -> s.manifest.map(m -> m.last().index()).orElse(s.appliedIndex))
                .orElse(Long.MAX_VALUE);
    }

    /** Whom a snapshot is sent to, {@link NodeId#NONE} if nobody. */
    long receiver() {
        return current.map(s -> s.route.to()).orElse(NodeId.NONE);
    }

    /** Bytes that the receiver has. */
    long ackedBytes() {
        return current.map(s -> s.ackedPosition).orElse(0L);
    }

    /** Of the whole snapshot; 0 while it is being made. */
    long totalBytes() {
        return current.flatMap(s -> s.manifest).map(SnapshotManifest::sizeBytes).orElse(0L);
    }
}
