package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.SnapshotPiece;

/**
 * What sender and receiver of a snapshot tell each other, within Raft's {@code InstallSnapshot} and its reply. Any of
 * it may be lost, delayed, repeated and come in any order.
 */
public sealed interface Shipment extends SnapshotPiece {
    /** Which one of the sender's; it counts them, anew in each of its lives. */
    long shipment();

    /** The sender has this snapshot for the receiver. Answered by {@link Progress}. */
    record Offer(long shipment, SnapshotManifest manifest) implements Shipment {}

    /**
     * Some bytes of one file.
     *
     * @param position of the first one, counted over all files in the manifest's order
     * @param checksum crc32c of the bytes as they were read
     */
    record Chunk(long shipment, long position, int checksum, Bytes bytes) implements Shipment {}

    /**
     * The receiver's answer.
     *
     * @param position it has written everything before it
     */
    record Progress(long shipment, long position, Stage stage) implements Shipment {}

    /** How far a receiver is. */
    enum Stage {
        /** It wants what comes at the position. */
        RECEIVING,
        /** It knows nothing of this shipment: it was restarted, or gave it up. */
        UNKNOWN,
        /** It has no use for it: it installed it, or had come further already. */
        DONE,
        /** The files that it received differ from the manifest. */
        UNUSABLE
    }
}
