package io.kvd.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.raft.Configuration;
import io.kvd.core.raft.Member;
import io.kvd.protocol.ConfigurationBody;
import io.kvd.protocol.MemberBody;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class ConfigurationCodecTest {
    private static final long SEED = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void configurationsSurviveTheirBytes() {
        for (int i = 0; i < 500; i++) {
            Configuration configuration = configuration();

            assertThat(ConfigurationCodec.decode(ConfigurationCodec.encode(configuration)))
                    .isEqualTo(configuration);
        }
    }

    @Test
    void theBytesNeverChange() {
        Configuration one = new Configuration(
                List.of(new Member(
                        1,
                        Bytes.of(new byte[16]),
                        "n1",
                        "a:1",
                        "b:2",
                        Member.Suffrage.VOTER,
                        new Member.FeatureRange(0, 1))),
                1);

        // The cluster id is a hash of these bytes: a change here makes every cluster a foreign one.
        assertThat(ConfigurationCodec.encode(one).toHex())
                .isEqualTo("0a2b" + "090100000000000000" + "1210" + "00".repeat(16) + "1a026e31"
                        + "2203613a31" + "2a03623a32" + "4001" + "110100000000000000");
    }

    @Test
    void membersOutOfOrderAreDamage() {
        assertDamaged(body(member(2), member(1)), "node 1 after node 2");
        assertDamaged(body(member(2), member(2)), "node 2 after node 2");
        assertDamaged(body(member(0)), "node 0");
        assertDamaged(body(member(-1)), "node -1");
    }

    @Test
    void aNodeIdAboveTheHighestEverIsDamage() {
        assertDamaged(body(member(4)).setHighestNodeIdEver(3), "highest node id ever");
    }

    @Test
    void otherFormsOfTheSameConfigurationAreDamage() {
        Bytes canonical = ConfigurationCodec.encode(configuration());
        byte[] withUnknownField = new byte[canonical.length() + 3];
        System.arraycopy(canonical.toArray(), 0, withUnknownField, 0, canonical.length());
        withUnknownField[canonical.length()] = (byte) 0x98;
        withUnknownField[canonical.length() + 1] = 0x06;
        withUnknownField[canonical.length() + 2] = 0x01;

        assertThatThrownBy(() -> ConfigurationCodec.decode(Bytes.of(withUnknownField)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("canonical");
    }

    @Test
    void randomBytesAndFlippedBitsAreDamageAndNothingElse() {
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            assertDamagedOrCanonical(Bytes.of(bytes));

            byte[] flipped = ConfigurationCodec.encode(configuration()).toArray();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            assertDamagedOrCanonical(Bytes.of(flipped));
        }
    }

    private static void assertDamagedOrCanonical(Bytes bytes) {
        try {
            assertThat(ConfigurationCodec.encode(ConfigurationCodec.decode(bytes)))
                    .isEqualTo(bytes);
        } catch (DamagedException expected) {
            // The only exception that may leave the decoder.
        }
    }

    private static void assertDamaged(ConfigurationBody.Builder body, String why) {
        Bytes bytes = Bytes.of(body.build().toByteArray());

        assertThatThrownBy(() -> ConfigurationCodec.decode(bytes))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(why);
    }

    private static ConfigurationBody.Builder body(MemberBody... members) {
        return ConfigurationBody.newBuilder()
                .addAllMembers(List.of(members))
                .setHighestNodeIdEver(9);
    }

    private static MemberBody member(long nodeId) {
        return MemberBody.newBuilder().setNodeId(nodeId).build();
    }

    private Configuration configuration() {
        List<Member> members = new ArrayList<>();
        long nodeId = 0;
        for (int i = random.nextInt(6); i >= 0; i--) {
            nodeId += 1 + random.nextInt(5);
            byte[] storeId = new byte[random.nextBoolean() ? Wire.ID_BYTES : 0];
            random.nextBytes(storeId);
            members.add(new Member(
                    nodeId,
                    Bytes.of(storeId),
                    "n" + nodeId,
                    "host" + nodeId + ":7400",
                    random.nextBoolean() ? "" : "höst:1",
                    random.nextBoolean() ? Member.Suffrage.VOTER : Member.Suffrage.LEARNER,
                    new Member.FeatureRange(random.nextInt(3), 3 + random.nextInt(3))));
        }
        return new Configuration(members, nodeId + random.nextInt(3));
    }
}
