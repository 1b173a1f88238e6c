package io.kvd.core.node;

import io.kvd.core.codec.Shipment;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.PeerStatus.Supply;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.SnapshotPeers;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A leader's side of snapshots on their way: finds the member that needs one, has it made, and sends it piece by piece,
 * not faster than it may and not further ahead of the answers than the window. Whatever is lost is sent again from
 * where the receiver stands. One at a time; owned by the raft thread.
 */
final class SnapshotSender {
    /** Election timeouts without an answer, after which a shipment is given up. */
    private static final int PATIENCE = 10;

    /** Election timeouts between a member's shipment that failed and its next one: doubled each time, up to this. */
    private static final int MAX_PAUSE = 8;

    private final long groupId = Bootstrap.GROUP_ID;
    private final Supplier<SnapshotPeers> peers;
    private final SnapshotOptions options;
    private final RaftOptions raft;
    private final NodeEvents events;

    private Optional<Sending> current = Optional.empty();
    private long lastShipment;
    private long ticks;
    /** By node id: members that had a shipment in this term of office. */
    private final TreeMap<Long, Pause> pauses = new TreeMap<>();
    /** Bytes that may be sent now. */
    private long allowance;

    /**
     * Who waits for its next shipment, so that others have their turn, and until when.
     *
     * @param timeouts how many election timeouts it waits
     */
    private record Pause(int timeouts, long endTick) {
        static final Pause NONE = new Pause(1, 0);
    }

    /** One shipment. */
    private static final class Sending {
        private final long to;
        private final long shipment;
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

        private Sending(long to, long shipment, long tick) {
            this.to = to;
            this.shipment = shipment;
            this.heardTick = tick;
            this.askedTick = tick;
        }
    }

    /** @param peers as they are after every input */
    SnapshotSender(Supplier<SnapshotPeers> peers, NodeOptions options, NodeEvents events) {
        this.peers = peers;
        this.options = options.snapshots();
        this.raft = options.raft();
        this.events = events;
    }

    /**
     * One tick passed.
     *
     * @param appliedIndex of the live state: a snapshot of it will be at least there
     * @param generation of the live state
     */
    void tick(long appliedIndex, long generation, TurnOutput out) {
        ticks++;
        long perTick = Math.max(1, options.bytesPerSecond() * raft.tickMs() / 1000);
        // After a pause, at most what a heartbeat's time allows.
        long burst = Math.max(options.chunkBytes(), perTick * raft.heartbeatTicks());
        allowance = Math.min(burst, allowance + perTick);
        if (ticks % raft.heartbeatTicks() == 0) {
            look(appliedIndex, generation, out);
        }
        current.ifPresent(sending -> {
            askAgain(sending, out);
            readOn(sending, out);
        });
    }

    // Who needs one, and whether the one under way is still needed.
    private void look(long appliedIndex, long generation, TurnOutput out) {
        if (current.isPresent()) {
            switch (supplyOf(current.get().to)) {
                case SNAPSHOT -> {
                    return;
                }
                case NEEDS_SNAPSHOT -> end(NodeEvents.SendStep.OVERTAKEN, out);
                case ENTRIES ->
                    end(
                            ackedBytes() == totalBytes()
                                    ? NodeEvents.SendStep.INSTALLED
                                    : NodeEvents.SendStep.NOT_NEEDED,
                            out);
            }
        }
        for (PeerStatus peer : peers.get().status()) {
            // We cannot tell what a dead member will need.
            if (peer.supply() == Supply.NEEDS_SNAPSHOT
                    && peer.ticksSinceAnswer() < raft.electionTicks()
                    && ticks >= pauseOf(peer.nodeId()).endTick()) {
                begin(peer.nodeId(), appliedIndex, generation, out);
                return;
            }
        }
    }

    private void begin(long nodeId, long appliedIndex, long generation, TurnOutput out) {
        lastShipment++;
        current = Optional.of(new Sending(nodeId, lastShipment, ticks));
        peers.get().ordered(nodeId, appliedIndex);
        out.work(new SnapshotWork.Make(groupId, lastShipment, generation));
    }

    private Supply supplyOf(long nodeId) {
        for (PeerStatus peer : peers.get().status()) {
            if (peer.nodeId() == nodeId) {
                return peer.supply();
            }
        }
        return Supply.ENTRIES;
    }

    private void askAgain(Sending sending, TurnOutput out) {
        if (sending.manifest.isEmpty()) {
            return;
        }
        if (ticks - sending.heardTick >= (long) PATIENCE * raft.electionTicks()) {
            end(NodeEvents.SendStep.GIVEN_UP, out);
        } else if (ticks - Math.max(sending.heardTick, sending.askedTick) >= raft.electionTicks()) {
            sending.readPosition = sending.ackedPosition;
            offer(sending);
        }
    }

    // An offer is also the question how far the receiver is.
    private void offer(Sending sending) {
        sending.askedTick = ticks;
        sending.manifest.ifPresent(manifest ->
                peers.get().send(sending.to, new Shipment.Offer(sending.shipment, manifest)));
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
            out.work(new SnapshotWork.Read(groupId, sending.shipment, from, bytes));
            sending.readPosition += bytes;
            allowance -= bytes;
        }
    }

    void made(NodeInput.SnapshotMade made, TurnOutput out) {
        Optional<Sending> sending = current.filter(s -> s.shipment == made.shipment());
        if (sending.isEmpty()) {
            out.work(new SnapshotWork.Release(groupId, made.shipment()));
            return;
        }
        sending.get().manifest = Optional.of(made.manifest());
        sending.get().heardTick = ticks;
        peers.get()
                .made(
                        sending.get().to,
                        made.manifest().last().index(),
                        made.manifest().sizeBytes());
        happened(sending.get(), NodeEvents.SendStep.BEGUN);
        if (made.manifest().files().size() > SnapshotManifest.MAX_FILES) {
            // Its offer would break the connection, and heartbeats with it.
            end(NodeEvents.SendStep.GIVEN_UP, out);
            return;
        }
        offer(sending.get());
    }

    void chunkRead(NodeInput.ChunkRead chunk) {
        current.filter(s -> s.shipment == chunk.shipment())
                .ifPresent(s -> peers.get()
                        .send(
                                s.to,
                                new Shipment.Chunk(
                                        s.shipment,
                                        chunk.position(),
                                        chunk.checksum(),
                                        chunk.bytes())));
    }

    /** @param from who answered what this leader sent in this life and term */
    void progressed(long from, Shipment.Progress progress, TurnOutput out) {
        Optional<Sending> found =
                current.filter(s -> s.to == from && s.shipment == progress.shipment());
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
                    offer(sending);
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
        out.work(new SnapshotWork.Release(groupId, sending.shipment));
        happened(sending, step);
        long nodeId = sending.to;
        switch (step) {
            case BEGUN -> throw new AssertionError("a beginning ends nothing");
            // What made it fail, a full disk at the other end say, does not pass soon.
            case GIVEN_UP ->
                pause(nodeId, Math.min(MAX_PAUSE, 2 * pauseOf(nodeId).timeouts()));
            // Its log has yet to show that it has it all; what it rejected before may still arrive.
            case INSTALLED, NOT_NEEDED -> pause(nodeId, Pause.NONE.timeouts());
            case OVERTAKEN -> pauses.remove(nodeId);
        }
        if (step == NodeEvents.SendStep.GIVEN_UP) {
            peers.get().givenUp(nodeId);
        } else {
            peers.get().delivered(nodeId);
        }
    }

    private void pause(long nodeId, int timeouts) {
        pauses.put(nodeId, new Pause(timeouts, ticks + (long) timeouts * raft.electionTicks()));
    }

    private Pause pauseOf(long nodeId) {
        return pauses.getOrDefault(nodeId, Pause.NONE);
    }

    private void happened(Sending sending, NodeEvents.SendStep step) {
        sending.manifest.ifPresent(manifest -> events.happened(new NodeEvents.SnapshotSent(
                groupId, sending.to, manifest.last(), manifest.sizeBytes(), step)));
    }

    /** Whom a snapshot is sent to, {@link NodeId#NONE} if nobody. */
    long receiver() {
        return current.map(s -> s.to).orElse(NodeId.NONE);
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
