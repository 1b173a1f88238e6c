package io.kvd.core.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.raft.Configuration;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.NodeId;
import io.kvd.protocol.ConfigurationBody;
import io.kvd.protocol.MemberBody;

import java.util.ArrayList;
import java.util.List;

/**
 * A configuration's bytes, as CONFIG entries, the state and Hello hold them. Canonical: one configuration has one byte
 * string, fields in the order of their numbers and members ascending by node id, since the cluster id is the hash of
 * the first one. The reader takes no other form, and so nothing that a newer version added either.
 */
public final class ConfigurationCodec {
    private ConfigurationCodec() {}

    public static Bytes encode(Configuration configuration) {
        ConfigurationBody.Builder body = ConfigurationBody.newBuilder()
                .setHighestNodeIdEver(configuration.highestNodeIdEver());
        for (Member member : configuration.members()) {
            Bytes storeId = member.storeId();
            body.addMembers(MemberBody.newBuilder()
                    .setNodeId(member.nodeId())
                    .setStoreId(UnsafeByteOperations.unsafeWrap(
                            storeId.array(), storeId.offset(), storeId.length()))
                    .setName(member.name())
                    .setPeerAddress(member.peerAddress())
                    .setClientAddress(member.clientAddress())
                    .setLearner(member.suffrage() == Member.Suffrage.LEARNER)
                    .setMinFeatureLevel(member.features().min())
                    .setMaxFeatureLevel(member.features().max()));
        }
        return Bytes.of(body.build().toByteArray());
    }

    /**
     * Reads a configuration.
     *
     * @throws DamagedException if the bytes are not what {@link #encode} makes of any configuration
     */
    public static Configuration decode(Bytes bytes) {
        ConfigurationBody body;
        try {
            body = ConfigurationBody.parser()
                    .parseFrom(bytes.array(), bytes.offset(), bytes.length());
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedException("not a configuration: " + e.getMessage());
        }
        List<Member> members = new ArrayList<>(body.getMembersCount());
        long previous = NodeId.NONE;
        for (MemberBody member : body.getMembersList()) {
            if (member.getNodeId() <= previous) {
                throw new DamagedException("configuration: node %d after node %d"
                        .formatted(member.getNodeId(), previous));
            }
            previous = member.getNodeId();
            members.add(member(member));
        }
        if (body.getHighestNodeIdEver() < previous) {
            throw new DamagedException("configuration: node %d above the highest node id ever, %d"
                    .formatted(previous, body.getHighestNodeIdEver()));
        }
        Configuration configuration = new Configuration(members, body.getHighestNodeIdEver());
        if (!encode(configuration).equals(bytes)) {
            throw new DamagedException(
                    "configuration is not in its canonical form, or of a newer version");
        }
        return configuration;
    }

    private static Member member(MemberBody body) {
        int storeIdBytes = body.getStoreId().size();
        // A member that was named but never seen has no store id yet.
        if (storeIdBytes != 0 && storeIdBytes != Wire.ID_BYTES) {
            throw new DamagedException("configuration: node %d has a store id of %d bytes"
                    .formatted(body.getNodeId(), storeIdBytes));
        }
        return new Member(
                body.getNodeId(),
                Bytes.of(body.getStoreId().toByteArray()),
                body.getName(),
                body.getPeerAddress(),
                body.getClientAddress(),
                body.getLearner() ? Member.Suffrage.LEARNER : Member.Suffrage.VOTER,
                new Member.FeatureRange(body.getMinFeatureLevel(), body.getMaxFeatureLevel()));
    }
}
