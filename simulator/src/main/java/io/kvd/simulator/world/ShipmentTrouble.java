package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Shipment;
import io.kvd.core.raft.Message;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.faults.FaultTally;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What may happen to what a host says of snapshots on their way, beyond what its connections do: it is lost, comes twice,
 * much later, or with a flipped bit that no frame's checksum sees, as if the sender's disk or memory had it. Outlives
 * processes.
 */
public final class ShipmentTrouble {
    private static final int KINDS = 4;

    private final FaultTally tally;
    private double share;
    private SplittableRandom random = new SplittableRandom(0);
    /** Held back, to leave behind others. */
    private final List<Message> late = new ArrayList<>();

    ShipmentTrouble(FaultTally tally) {
        this.tally = tally;
    }

    /** From now on it happens to this share of all pieces. */
    public void begin(double shareOfPieces, SplittableRandom draws) {
        share = shareOfPieces;
        random = draws;
    }

    public void end() {
        share = 0;
    }

    /** What leaves instead of these, in order. */
    List<Message> leaving(List<Message> messages) {
        if (share == 0 && late.isEmpty()) {
            return messages;
        }
        List<Message> leaving = new ArrayList<>(messages.size());
        for (Message message : messages) {
            if (message instanceof Message.InstallSnapshot
                    || message instanceof Message.InstallSnapshotReply) {
                addWhatLeaves(message, leaving);
            } else {
                leaving.add(message);
            }
        }
        return leaving;
    }

    private void addWhatLeaves(Message piece, List<Message> leaving) {
        if (share == 0 || random.nextDouble() >= share) {
            leaving.add(piece);
            leaving.addAll(late);
            late.clear();
            return;
        }
        tally.count(FaultKind.MANGLED_SNAPSHOT);
        switch (random.nextInt(KINDS)) {
            case 0 -> late.add(piece);
            case 1 -> leaving.addAll(List.of(piece, piece));
            case 2 -> {
                // What else is said has a frame's checksum: with a flipped bit it is lost, too.
                if (piece instanceof Message.InstallSnapshot install
                        && install.piece() instanceof Shipment.Chunk chunk) {
                    leaving.add(new Message.InstallSnapshot(install.header(), damaged(chunk)));
                }
            }
            default -> {
                // Lost.
            }
        }
    }

    private Shipment.Chunk damaged(Shipment.Chunk chunk) {
        byte[] bytes = chunk.bytes().toArray();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return new Shipment.Chunk(
                chunk.shipment(), chunk.position(), chunk.checksum(), Bytes.of(bytes));
    }
}
