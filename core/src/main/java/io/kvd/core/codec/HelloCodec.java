package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.protocol.HelloBody;
import io.kvd.protocol.MemberLocationBody;
import io.kvd.protocol.PeerMessage;

import java.util.ArrayList;
import java.util.List;

/** A {@link Hello} as a {@code PeerMessage}; the reader believes nothing, as {@link MessageCodec} does. */
final class HelloCodec {
    private HelloCodec() {}

    static PeerMessage encode(Hello hello) {
        return PeerMessage.newBuilder()
                .setFrom(hello.from())
                .setTo(hello.to())
                .setHello(HelloBody.newBuilder()
                        .setStoreId(MessageCodec.byteString(hello.storeId()))
                        .setBorn(hello.born() == Hello.Birthmark.BORN)
                        .setBootstrap(MessageCodec.byteString(hello.bootstrap()))
                        .setAnswerWanted(hello.purpose() == Hello.Purpose.ASK)
                        .setClusterName(hello.settings().clusterName())
                        .setPeerAddress(hello.settings().peerAddress())
                        .setClientAddress(hello.settings().clientAddress())
                        .addAllPeers(hello.settings().peers())
                        .addAllOthers(locations(hello))
                        .setIncarnation(hello.lives().incarnation())
                        .addAllNonces(hello.lives().nonces())
                        .setRememberedIncarnation(hello.remembered().life().incarnation())
                        .setRememberedNonce(hello.remembered().life().nonce())
                        .setRememberedTerm(hello.remembered().term())
                        .setRememberedIndex(hello.remembered().index()))
                .build();
    }

    private static List<MemberLocationBody> locations(Hello hello) {
        List<MemberLocationBody> locations = new ArrayList<>();
        for (Hello.Location other : hello.others()) {
            locations.add(MemberLocationBody.newBuilder()
                    .setNodeId(other.nodeId())
                    .setIncarnation(other.incarnation())
                    .setPeerAddress(other.peerAddress())
                    .setClientAddress(other.clientAddress())
                    .build());
        }
        return locations;
    }

    static Hello decode(PeerMessage in) {
        HelloBody body = in.getHello();
        if (body.getStoreId().size() != Wire.ID_BYTES) {
            throw new DamagedException(
                    "a store id of %d bytes".formatted(body.getStoreId().size()));
        }
        return new Hello(
                in.getFrom(),
                in.getTo(),
                Bytes.of(body.getStoreId().toByteArray()),
                body.getBorn() ? Hello.Birthmark.BORN : Hello.Birthmark.UNBORN,
                Bytes.of(body.getBootstrap().toByteArray()),
                body.getAnswerWanted() ? Hello.Purpose.ASK : Hello.Purpose.ANSWER,
                settings(body),
                locations(body),
                lives(body),
                new Remembered(
                        new Life(
                                MessageCodec.atLeastZero(
                                        "incarnation", body.getRememberedIncarnation()),
                                body.getRememberedNonce()),
                        MessageCodec.termOrIndex("remembered term", body.getRememberedTerm()),
                        MessageCodec.termOrIndex("remembered index", body.getRememberedIndex())));
    }

    private static List<Hello.Location> locations(HelloBody body) {
        if (body.getOthersCount() > Hello.Settings.MAX_PEERS) {
            throw new DamagedException(
                    "a hello that names %d members".formatted(body.getOthersCount()));
        }
        List<Hello.Location> locations = new ArrayList<>();
        for (MemberLocationBody other : body.getOthersList()) {
            if (other.getPeerAddress().length() > Hello.Settings.MAX_TEXT
                    || other.getClientAddress().length() > Hello.Settings.MAX_TEXT) {
                throw new DamagedException("a hello with an address that is too long");
            }
            locations.add(new Hello.Location(
                    other.getNodeId(),
                    other.getIncarnation(),
                    other.getPeerAddress(),
                    other.getClientAddress()));
        }
        return locations;
    }

    private static Hello.Settings settings(HelloBody body) {
        boolean isSmall = body.getPeersCount() <= Hello.Settings.MAX_PEERS
                && body.getClusterName().length() <= Hello.Settings.MAX_TEXT
                && body.getPeerAddress().length() <= Hello.Settings.MAX_TEXT
                && body.getClientAddress().length() <= Hello.Settings.MAX_TEXT;
        for (String peer : body.getPeersList()) {
            isSmall &= peer.length() <= Hello.Settings.MAX_TEXT;
        }
        if (!isSmall) {
            throw new DamagedException(
                    "a hello with a name, an address or a list that is too long");
        }
        return new Hello.Settings(
                body.getClusterName(),
                body.getPeerAddress(),
                body.getClientAddress(),
                body.getPeersList());
    }

    private static Lives lives(HelloBody body) {
        if (!Lives.isPossible(body.getIncarnation(), body.getNoncesCount())) {
            throw new DamagedException("a hello with %d nonces of %d lives"
                    .formatted(body.getNoncesCount(), body.getIncarnation()));
        }
        return new Lives(body.getIncarnation(), body.getNoncesList());
    }
}
