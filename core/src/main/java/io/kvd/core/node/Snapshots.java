package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Shipment;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;

import java.util.ArrayList;
import java.util.List;

/**
 * The snapshots of one replica: what it sends as a leader, what it takes in as a follower, and which generation of the
 * state is live. A snapshot that came in is installed in this order: it is a checked and durable state directory; the
 * core forgets the log that it replaces; one synced batch names the directory (P5), and it alone decides whether the
 * old or the new one counts; the apply loop opens it behind all that was handed to it before. Owned by the raft thread.
 */
final class Snapshots {
    private final long groupId;
    private final RaftCore core;
    private final LogTrimmer trimmer;
    private final SnapshotSender sender;
    private final SnapshotReceiver receiver;
    /** Replaced states that somebody still reads. */
    private final List<RetiredState> retired = new ArrayList<>();

    /** What the log names, or will with its next batch. */
    private long generation;

    private Phase phase = Phase.LIVE;

    private enum Phase {
        /** What was applied last is in the generation. */
        LIVE,
        /** The log is about to name the generation. */
        NAMING,
        /** It does, and the apply loop has not opened it yet. */
        OPENING
    }

    Snapshots(
            RaftCore core,
            LogTrimmer trimmer,
            long generation,
            NodeOptions options,
            NodeEvents events) {
        this.groupId = Bootstrap.GROUP_ID;
        this.core = core;
        this.trimmer = trimmer;
        this.generation = generation;
        this.sender = new SnapshotSender(core::snapshotPeers, options, events);
        this.receiver = new SnapshotReceiver(
                (request, progress) -> core.snapshotPeers().answer(request, progress),
                options,
                events);
    }

    long generation() {
        return generation;
    }

    /** Whether the state that is applied to is not the one that the core counts on: nothing may be read for it. */
    boolean isSwitching() {
        return phase != Phase.LIVE;
    }

    SnapshotSender sender() {
        return sender;
    }

    SnapshotReceiver receiver() {
        return receiver;
    }

    void tick(TurnOutput out) {
        receiver.tick(out);
        if (core.role() == RoleName.LEADER && phase == Phase.LIVE) {
            sender.tick(core.appliedIndex(), generation, out);
        } else {
            sender.stop(out);
        }
    }

    /** Once a second or so. */
    void retireAgain(TurnOutput out) {
        for (RetiredState state : retired) {
            out.work(new Work.Retire(groupId, state));
        }
        retired.clear();
    }

    /**
     * What the leader, or one of its members, says of a snapshot.
     *
     * @param configuration the group's, as its newest CONFIG entry has it
     */
    void take(List<Message> messages, Bytes configuration, TurnOutput out) {
        for (Message message : messages) {
            if (message instanceof Message.InstallSnapshot install
                    && install.piece() instanceof Shipment.Offer offer) {
                receiver.offered(message.header(), offer, core.commitIndex(), configuration, out);
            } else if (message instanceof Message.InstallSnapshot install
                    && install.piece() instanceof Shipment.Chunk chunk) {
                receiver.chunk(message.header(), chunk, out);
            } else if (message instanceof Message.InstallSnapshotReply reply
                    && reply.piece() instanceof Shipment.Progress progress) {
                sender.progressed(reply.from(), progress, out);
            } else {
                throw new AssertionError("unhandled " + message);
            }
        }
    }

    void take(NodeInput.SnapshotAnswer answer, TurnOutput out) {
        if (answer instanceof NodeInput.SnapshotMade made) {
            sender.made(made, out);
        } else if (answer instanceof NodeInput.ChunkRead chunk) {
            sender.chunkRead(chunk);
        } else if (answer instanceof NodeInput.ChunkWritten written) {
            receiver.written(written, generation + 1, out);
        } else if (answer instanceof NodeInput.SnapshotStaged staged) {
            receiver.staged(staged, out)
                    .ifPresent(manifest -> install(manifest, staged.generation(), out));
        } else {
            throw new AssertionError("unhandled " + answer);
        }
    }

    private void install(SnapshotManifest manifest, long staged, TurnOutput out) {
        boolean isNews = manifest.last().index() > core.commitIndex();
        if (core.role() != RoleName.FOLLOWER || !isNews) {
            out.work(new SnapshotWork.Drop(groupId, staged));
            receiver.giveUp("this node came further without it", out);
            return;
        }
        core.installSnapshot(manifest.last(), manifest.lastLogTimeMs());
        trimmer.installed(manifest.last().index());
        generation = staged;
        phase = Phase.NAMING;
    }

    /** The core's Ready was persisted; called before anything that it committed is handed over. */
    void persisted(TurnOutput out) {
        if (phase == Phase.NAMING) {
            phase = Phase.OPENING;
            out.work(new Work.Apply(new ApplyInput.SwitchState(groupId, generation)));
        }
    }

    /** The generation is open, and what is applied from now on is applied to it. */
    void switched(RetiredState old, TurnOutput out) {
        phase = Phase.LIVE;
        receiver.installed();
        out.work(new Work.Retire(groupId, old));
    }

    void stillRead(RetiredState old) {
        retired.add(old);
    }
}
