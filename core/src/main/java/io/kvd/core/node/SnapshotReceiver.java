package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.codec.Shipment;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.NodeId;

import java.util.Optional;

/**
 * A follower's side of snapshots on their way: takes the pieces in order, has them written, checked and made a state
 * directory. What becomes of that is decided by {@link Snapshots}. One at a time; owned by the raft thread.
 */
final class SnapshotReceiver {
    /** Election timeouts without a piece, after which what came is given up. */
    private static final int PATIENCE = 20;

    private final long groupId = Bootstrap.GROUP_ID;
    private final Answers answers;
    private final NodeOptions options;
    private final NodeEvents events;

    private Optional<Receiving> current = Optional.empty();
    private long lastReceipt;
    private long ticks;

    /** Takes the answers. */
    interface Answers {
        /** @param request header of a piece that came */
        void answer(Message.Header request, Shipment.Progress progress);
    }

    /** One shipment. */
    private static final class Receiving {
        /** Of its offer. */
        private final Message.Header request;

        private final long shipment;
        private final SnapshotManifest manifest;
        private final long receipt;
        /** Whether there is a place for it: until then it may still be refused, and nothing of it is taken. */
        private boolean begun;
        /** All before it came in. */
        private long takenPosition;
        /** All before it is written. */
        private long writtenPosition;
        /** Whether all of it is being checked, or is checked. */
        private boolean complete;

        private long heardTick;

        private Receiving(Message.Header request, Shipment.Offer offer, long receipt, long tick) {
            this.request = request;
            this.shipment = offer.shipment();
            this.manifest = offer.manifest();
            this.receipt = receipt;
            this.heardTick = tick;
        }

        /** A leader's next office has other shipments. */
        private boolean isOf(Message.Header header, long number) {
            return shipment == number
                    && request.from() == header.from()
                    && request.incarnation() == header.incarnation();
        }
    }

    SnapshotReceiver(Answers answers, NodeOptions options, NodeEvents events) {
        this.answers = answers;
        this.options = options;
        this.events = events;
    }

    void tick(TurnOutput out) {
        ticks++;
        long patienceTicks = (long) PATIENCE * options.raft().electionTicks();
        if (current.isPresent()
                && !current.get().complete
                && ticks - current.get().heardTick >= patienceTicks) {
            giveUp("nothing more came", out);
        }
    }

    /**
     * The leader offers one, or asks how far this one is.
     *
     * @param commitIndex what this member knows to be committed
     * @param configuration the group's, as its newest CONFIG entry has it
     */
    void offered(
            Message.Header header,
            Shipment.Offer offer,
            long commitIndex,
            Bytes configuration,
            TurnOutput out) {
        SnapshotManifest manifest = offer.manifest();
        if (current.filter(r -> r.isOf(header, offer.shipment())).isPresent()) {
            current.get().heardTick = ticks;
            if (current.get().begun) {
                answer(current.get(), Shipment.Stage.RECEIVING);
            }
        } else if (manifest.last().index() <= commitIndex) {
            answers.answer(
                    header,
                    new Shipment.Progress(
                            offer.shipment(), manifest.sizeBytes(), Shipment.Stage.DONE));
        } else if (manifest.configuration().equals(configuration)
                && current.filter(r -> r.complete).isEmpty()) {
            if (current.isPresent()) {
                giveUp("another one is offered", out);
            }
            begin(header, offer, out);
        } else {
            events.happened(new NodeEvents.MessageDropped(
                    header.from(), "a snapshot is offered that can't be taken now"));
        }
    }

    private void begin(Message.Header header, Shipment.Offer offer, TurnOutput out) {
        lastReceipt++;
        Receiving receiving = new Receiving(header, offer, lastReceipt, ticks);
        current = Optional.of(receiving);
        out.work(new SnapshotWork.Receive(groupId, lastReceipt, offer.manifest()));
        happened(receiving, NodeEvents.ReceiveStep.BEGUN, "");
    }

    void chunk(Message.Header header, Shipment.Chunk chunk, TurnOutput out) {
        Optional<Receiving> found = current.filter(r -> r.isOf(header, chunk.shipment()));
        if (found.isEmpty()) {
            answers.answer(
                    header, new Shipment.Progress(chunk.shipment(), 0, Shipment.Stage.UNKNOWN));
            return;
        }
        Receiving receiving = found.get();
        receiving.heardTick = ticks;
        if (!receiving.begun) {
            return;
        }
        if (isNext(receiving, chunk)) {
            out.work(new SnapshotWork.Write(
                    groupId, receiving.receipt, chunk.position(), chunk.bytes()));
            receiving.takenPosition += chunk.bytes().length();
        } else {
            answer(receiving, Shipment.Stage.RECEIVING);
        }
    }

    // In order, of one file, whole, and no more ahead of the disk than may be in memory.
    private boolean isNext(Receiving receiving, Shipment.Chunk chunk) {
        SnapshotManifest manifest = receiving.manifest;
        long end = chunk.position() + chunk.bytes().length();
        return chunk.position() == receiving.takenPosition
                && chunk.position() < manifest.sizeBytes()
                && chunk.bytes().length() <= manifest.at(chunk.position()).bytesLeft()
                && end - receiving.writtenPosition
                        <= options.snapshots().windowBytes()
                                + options.snapshots().chunkBytes()
                && new Crc32c().update(chunk.bytes()).value() == chunk.checksum();
    }

    /** @param generation what the snapshot is going to be, once all of it is there */
    void written(NodeInput.ChunkWritten written, long generation, TurnOutput out) {
        Optional<Receiving> found = current.filter(r -> r.receipt == written.receipt());
        if (found.isEmpty()) {
            return;
        }
        Receiving receiving = found.get();
        receiving.begun = true;
        receiving.writtenPosition = written.position();
        answer(receiving, Shipment.Stage.RECEIVING);
        if (written.position() == receiving.manifest.sizeBytes() && !receiving.complete) {
            receiving.complete = true;
            out.work(new SnapshotWork.Stage(groupId, receiving.receipt, generation));
        }
    }

    /** What was staged, if it is usable; then {@link #installed} or {@link #giveUp} follows. */
    Optional<SnapshotManifest> staged(NodeInput.SnapshotStaged staged, TurnOutput out) {
        // What is complete is not given up meanwhile.
        Optional<Receiving> receiving = current.filter(r -> r.receipt == staged.receipt());
        if (staged.unusable().isEmpty()) {
            return receiving.map(r -> r.manifest);
        }
        receiving.ifPresent(r -> {
            answer(r, Shipment.Stage.UNUSABLE);
            happened(r, NodeEvents.ReceiveStep.GIVEN_UP, staged.unusable());
            current = Optional.empty();
        });
        return Optional.empty();
    }

    /** The state that it brought is live. */
    void installed() {
        current.ifPresent(receiving -> {
            answer(receiving, Shipment.Stage.DONE);
            happened(receiving, NodeEvents.ReceiveStep.INSTALLED, "");
        });
        current = Optional.empty();
    }

    /** What came in is of no use any more. */
    void giveUp(String reason, TurnOutput out) {
        current.ifPresent(receiving -> {
            out.work(new SnapshotWork.Abandon(groupId));
            happened(receiving, NodeEvents.ReceiveStep.GIVEN_UP, reason);
        });
        current = Optional.empty();
    }

    private void answer(Receiving receiving, Shipment.Stage stage) {
        answers.answer(
                receiving.request,
                new Shipment.Progress(receiving.shipment, receiving.writtenPosition, stage));
    }

    private void happened(Receiving receiving, NodeEvents.ReceiveStep step, String reason) {
        EntryId last = receiving.manifest.last();
        events.happened(new NodeEvents.SnapshotReceived(
                groupId,
                receiving.request.from(),
                last,
                receiving.manifest.sizeBytes(),
                step,
                reason));
    }

    /** Whom a snapshot comes from, {@link NodeId#NONE} if none does. */
    long sender() {
        return current.map(r -> r.request.from()).orElse(NodeId.NONE);
    }

    /** Bytes that are written. */
    long writtenBytes() {
        return current.map(r -> r.writtenPosition).orElse(0L);
    }

    /** Of the whole snapshot; 0 if none comes in. */
    long totalBytes() {
        return current.map(r -> r.manifest.sizeBytes()).orElse(0L);
    }
}
