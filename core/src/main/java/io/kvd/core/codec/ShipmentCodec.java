package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.codec.Shipment.Chunk;
import io.kvd.core.codec.Shipment.Offer;
import io.kvd.core.codec.Shipment.Progress;
import io.kvd.core.codec.Shipment.Stage;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Message.Header;
import io.kvd.core.raft.Message.InstallSnapshot;
import io.kvd.core.raft.Message.InstallSnapshotReply;
import io.kvd.core.raft.SnapshotPiece;
import io.kvd.protocol.PeerMessage;
import io.kvd.protocol.SnapshotChunkBody;
import io.kvd.protocol.SnapshotFileBody;
import io.kvd.protocol.SnapshotOfferBody;
import io.kvd.protocol.SnapshotProgressBody;
import io.kvd.protocol.SnapshotStage;

import java.util.ArrayList;
import java.util.List;

/** The part of {@link MessageCodec} that is about snapshots on their way. */
final class ShipmentCodec {
    private static final int TYPICAL_FILE_BYTES = 24;

    private ShipmentCodec() {}

    /** About how long the body would be. */
    static int estimatedBytes(SnapshotPiece piece) {
        return piece instanceof Offer offer
                ? offer.manifest().configuration().length()
                        + offer.manifest().files().size() * TYPICAL_FILE_BYTES
                : 0;
    }

    /** The bytes that stand raw behind the header. */
    static List<Bytes> attached(InstallSnapshot message) {
        return message.piece() instanceof Chunk chunk ? List.of(chunk.bytes()) : List.of();
    }

    static void encode(InstallSnapshot message, PeerMessage.Builder out) {
        if (message.piece() instanceof Offer offer) {
            out.setSnapshotOffer(encode(offer));
        } else if (message.piece() instanceof Chunk chunk) {
            out.setSnapshotChunk(SnapshotChunkBody.newBuilder()
                    .setShipment(chunk.shipment())
                    .setPosition(chunk.position())
                    .setChecksum(chunk.checksum()));
        } else {
            throw new AssertionError("unhandled " + message);
        }
    }

    static void encode(InstallSnapshotReply message, PeerMessage.Builder out) {
        if (message.piece() instanceof Progress progress) {
            out.setSnapshotProgress(SnapshotProgressBody.newBuilder()
                    .setShipment(progress.shipment())
                    .setPosition(progress.position())
                    .setStage(encode(progress.stage())));
        } else {
            throw new AssertionError("unhandled " + message);
        }
    }

    private static SnapshotOfferBody encode(Offer offer) {
        SnapshotManifest manifest = offer.manifest();
        SnapshotOfferBody.Builder out = SnapshotOfferBody.newBuilder()
                .setShipment(offer.shipment())
                .setLastTerm(manifest.last().term())
                .setLastIndex(manifest.last().index())
                .setLastLogTimeMs(manifest.lastLogTimeMs())
                .setStateHash(MessageCodec.byteString(manifest.stateHash()))
                .setConfiguration(MessageCodec.byteString(manifest.configuration()));
        for (SnapshotFile file : manifest.files()) {
            out.addFiles(SnapshotFileBody.newBuilder()
                    .setName(file.name())
                    .setSizeBytes(file.sizeBytes()));
        }
        return out.build();
    }

    private static SnapshotStage encode(Stage stage) {
        return switch (stage) {
            case RECEIVING -> SnapshotStage.SNAPSHOT_STAGE_RECEIVING;
            case UNKNOWN -> SnapshotStage.SNAPSHOT_STAGE_UNKNOWN;
            case DONE -> SnapshotStage.SNAPSHOT_STAGE_DONE;
            case UNUSABLE -> SnapshotStage.SNAPSHOT_STAGE_UNUSABLE;
        };
    }

    /** @throws DamagedException as {@link MessageCodec#decode} */
    static Message decode(Header header, PeerMessage in, Bytes attached) {
        return switch (in.getBodyCase()) {
            case SNAPSHOT_OFFER ->
                new InstallSnapshot(header, offer(header, in.getSnapshotOffer()));
            case SNAPSHOT_CHUNK ->
                new InstallSnapshot(header, chunk(in.getSnapshotChunk(), attached));
            case SNAPSHOT_PROGRESS ->
                new InstallSnapshotReply(header, progress(in.getSnapshotProgress()));
            default -> throw new AssertionError("not of a shipment: " + in.getBodyCase());
        };
    }

    private static Offer offer(Header header, SnapshotOfferBody body) {
        SnapshotManifest manifest = manifest(body);
        if (manifest.last().term() > header.term()) {
            throw new DamagedException(
                    "a snapshot of %s in term %d".formatted(manifest.last(), header.term()));
        }
        return new Offer(MessageCodec.atLeastZero("shipment", body.getShipment()), manifest);
    }

    private static Chunk chunk(SnapshotChunkBody body, Bytes attached) {
        if (attached.isEmpty()) {
            throw new DamagedException("a chunk without bytes");
        }
        return new Chunk(
                MessageCodec.atLeastZero("shipment", body.getShipment()),
                MessageCodec.atLeastZero("position", body.getPosition()),
                body.getChecksum(),
                attached);
    }

    private static Progress progress(SnapshotProgressBody body) {
        return new Progress(
                MessageCodec.atLeastZero("shipment", body.getShipment()),
                MessageCodec.atLeastZero("position", body.getPosition()),
                stage(body.getStage()));
    }

    private static SnapshotManifest manifest(SnapshotOfferBody body) {
        if (body.getStateHash().size() != Wire.ID_BYTES) {
            throw new DamagedException(
                    "a state hash of %d bytes".formatted(body.getStateHash().size()));
        }
        SnapshotManifest manifest = new SnapshotManifest(
                MessageCodec.entryId(body.getLastTerm(), body.getLastIndex()),
                MessageCodec.atLeastZero("log time", body.getLastLogTimeMs()),
                Bytes.of(body.getStateHash().toByteArray()),
                Bytes.of(body.getConfiguration().toByteArray()),
                files(body.getFilesList()));
        try {
            manifest.checkPlausible();
        } catch (UnusableSnapshotException e) {
            throw new DamagedException(String.valueOf(e.getMessage()));
        }
        return manifest;
    }

    private static List<SnapshotFile> files(List<SnapshotFileBody> bodies) {
        if (bodies.isEmpty() || bodies.size() > SnapshotManifest.MAX_FILES) {
            throw new DamagedException("a snapshot of %d files".formatted(bodies.size()));
        }
        List<SnapshotFile> files = new ArrayList<>(bodies.size());
        for (SnapshotFileBody body : bodies) {
            files.add(new SnapshotFile(body.getName(), body.getSizeBytes()));
        }
        return files;
    }

    private static Stage stage(SnapshotStage stage) {
        return switch (stage) {
            case SNAPSHOT_STAGE_RECEIVING -> Stage.RECEIVING;
            case SNAPSHOT_STAGE_UNKNOWN -> Stage.UNKNOWN;
            case SNAPSHOT_STAGE_DONE -> Stage.DONE;
            case SNAPSHOT_STAGE_UNUSABLE -> Stage.UNUSABLE;
            case SNAPSHOT_STAGE_UNSPECIFIED, UNRECOGNIZED ->
                throw new DamagedException("a stage that this version does not know");
        };
    }
}
