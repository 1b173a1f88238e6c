package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.SnapshotManifest;

/**
 * What sender and receiver of a snapshot tell each other. Any of it may be lost, delayed, repeated and come in any
 * order. It carries no term, unlike Raft's InstallSnapshot (Raft §7): a snapshot holds committed entries only, so a
 * receiver that lacks them may install it whoever sent it, and whether the follower has come far enough is told by its
 * answers to AppendEntries alone.
 */
public sealed interface Transfer {
    Route route();

    /**
     * Which transfer it is about, and where to.
     *
     * @param from the node that says it
     * @param to the node that it is said to
     * @param incarnation of the snapshot's sender, echoed by its receiver
     * @param number the sender's, counting its transfers of this life
     */
    record Route(long groupId, long from, long to, long incarnation, long number) {
        /** The way back. */
        public Route reversed() {
            return new Route(groupId, to, from, incarnation, number);
        }
    }

    /** The sender has this snapshot for the receiver. Answered by {@link Progress}. */
    record Offer(Route route, SnapshotManifest manifest) implements Transfer {}

    /**
     * Some bytes of one file.
     *
     * @param position of the first one, counted over all files in the manifest's order
     * @param checksum crc32c of the bytes as they were read
     */
    record Chunk(Route route, long position, int checksum, Bytes bytes) implements Transfer {}

    /**
     * The receiver's answer.
     *
     * @param position it has written everything before it
     */
    record Progress(Route route, long position, Stage stage) implements Transfer {}

    /** How far a receiver is. */
    enum Stage {
        /** It wants what comes at the position. */
        RECEIVING,
        /** It knows nothing of this transfer: it was restarted, or gave it up. */
        UNKNOWN,
        /** It has no use for it: it installed it, or had come further already. */
        DONE,
        /** What it received is not what the manifest says. */
        UNUSABLE
    }
}
