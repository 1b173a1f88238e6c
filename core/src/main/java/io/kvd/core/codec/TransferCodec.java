package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.codec.Transfer.Chunk;
import io.kvd.core.codec.Transfer.Offer;
import io.kvd.core.codec.Transfer.Progress;
import io.kvd.core.codec.Transfer.Route;
import io.kvd.core.codec.Transfer.Stage;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.kv.UnusableSnapshotException;
import io.kvd.protocol.PeerMessage;
import io.kvd.protocol.SnapshotChunkBody;
import io.kvd.protocol.SnapshotFileBody;
import io.kvd.protocol.SnapshotOfferBody;
import io.kvd.protocol.SnapshotProgressBody;
import io.kvd.protocol.SnapshotStage;

import java.util.ArrayList;
import java.util.List;

/** The part of {@link MessageCodec} that is about snapshots in transfer. */
final class TransferCodec {
    private static final int TYPICAL_FILE_BYTES = 24;

    private TransferCodec() {}

    /** About how long the body would be. */
    static int estimatedBytes(Transfer transfer) {
        return transfer instanceof Offer offer
                ? offer.manifest().configuration().length()
                        + offer.manifest().files().size() * TYPICAL_FILE_BYTES
                : 0;
    }

    static PeerMessage encode(Transfer transfer) {
        Route route = transfer.route();
        PeerMessage.Builder out = PeerMessage.newBuilder()
                .setGroupId(route.groupId())
                .setFrom(route.from())
                .setTo(route.to())
                .setIncarnation(route.incarnation());
        if (transfer instanceof Offer offer) {
            out.setSnapshotOffer(encode(offer));
        } else if (transfer instanceof Chunk chunk) {
            out.setSnapshotChunk(SnapshotChunkBody.newBuilder()
                    .setNumber(route.number())
                    .setPosition(chunk.position())
                    .setChecksum(chunk.checksum()));
        } else if (transfer instanceof Progress progress) {
            out.setSnapshotProgress(SnapshotProgressBody.newBuilder()
                    .setNumber(route.number())
                    .setPosition(progress.position())
                    .setStage(encode(progress.stage())));
        } else {
            throw new AssertionError("unhandled " + transfer);
        }
        return out.build();
    }

    private static SnapshotOfferBody encode(Offer offer) {
        SnapshotManifest manifest = offer.manifest();
        SnapshotOfferBody.Builder out = SnapshotOfferBody.newBuilder()
                .setNumber(offer.route().number())
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
    static Transfer decode(PeerMessage in, Bytes attached) {
        return switch (in.getBodyCase()) {
            case SNAPSHOT_OFFER ->
                new Offer(
                        route(in, in.getSnapshotOffer().getNumber()),
                        manifest(in.getSnapshotOffer()));
            case SNAPSHOT_CHUNK -> chunk(in, attached);
            case SNAPSHOT_PROGRESS ->
                new Progress(
                        route(in, in.getSnapshotProgress().getNumber()),
                        MessageCodec.atLeastZero(
                                "position", in.getSnapshotProgress().getPosition()),
                        stage(in.getSnapshotProgress().getStage()));
            default -> throw new AssertionError("not of a transfer: " + in.getBodyCase());
        };
    }

    private static Route route(PeerMessage in, long number) {
        return new Route(
                MessageCodec.atLeastZero("group id", in.getGroupId()),
                in.getFrom(),
                in.getTo(),
                in.getIncarnation(),
                MessageCodec.atLeastZero("number", number));
    }

    private static Chunk chunk(PeerMessage in, Bytes attached) {
        SnapshotChunkBody body = in.getSnapshotChunk();
        if (attached.isEmpty()) {
            throw new DamagedException("a chunk without bytes");
        }
        return new Chunk(
                route(in, body.getNumber()),
                MessageCodec.atLeastZero("position", body.getPosition()),
                body.getChecksum(),
                attached);
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
