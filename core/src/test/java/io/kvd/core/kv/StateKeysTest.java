package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.EntryId;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The rows' bytes are on disk for ever: each is spelled out here. */
class StateKeysTest {
    private static final MetaRow META = new MetaRow(
            1,
            new EntryId(2, 3),
            4,
            5,
            6,
            7,
            new Hash128(8, 9),
            new Hash128(10, 11),
            Bytes.of(new byte[] {0x0c, 0x0d}));
    private static final String META_HEX = "01"
            + "0000000000000001"
            + "0000000000000002"
            + "0000000000000003"
            + "0000000000000004"
            + "0000000000000005"
            + "00000006"
            + "0000000000000007"
            + "00000000000000080000000000000009"
            + "000000000000000a000000000000000b"
            + "00000002"
            + "0c0d";
    private static final SessionRow SESSION = new SessionRow(
            Bytes.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}),
            1_000,
            77,
            5,
            List.of(
                    new KeptReply.Inline(6, 0x1122334455667788L, Bytes.of(new byte[] {0x0a})),
                    new KeptReply.Apart(8, 2, new Hash128(3, 4), 300)));
    private static final String SESSION_HEX = "01"
            + "000102030405060708090a0b0c0d0e0f"
            + "00000000000003e8"
            + "000000000000004d"
            + "0000000000000005"
            + "00000002"
            + "00000001" + "1122334455667788" + "00" + "00000001" + "0a"
            + "00000003" + "0000000000000002" + "01" + "0000012c"
            + "00000000000000030000000000000004";

    @Test
    void theStateAboutItselfIsOneRow() {
        assertThat(StateKeys.META.toHex()).isEqualTo("00");
        assertThat(StateKeys.encodeMeta(META).toHex()).isEqualTo(META_HEX);
        assertThat(StateKeys.decodeMeta(StateKeys.encodeMeta(META))).isEqualTo(META);
    }

    @Test
    void whatALaterVersionAppendsToTheMetaRowIsSkipped() {
        Bytes longer =
                new BytesWriter(0).put(StateKeys.encodeMeta(META)).putLong(99).toBytes();

        assertThat(StateKeys.decodeMeta(longer)).isEqualTo(META);
    }

    @Test
    void aRowOfALaterFormatNeedsALaterProgram() {
        Bytes later = new BytesWriter(0).putByte(2).putLong(0).toBytes();

        assertThatThrownBy(() -> StateKeys.decodeMeta(later))
                .isInstanceOf(UpgradeNeededException.class);
        assertThatThrownBy(() -> StateKeys.decodeSession(later))
                .isInstanceOf(UpgradeNeededException.class);
    }

    @Test
    void aCurrentRowIsTheKeyAsItIsAndNumbersBeforeTheValue() {
        Bytes row =
                StateKeys.encodeCurrent(new KeyRevisions(1, 2, 3, 4), ByteString.copyFromUtf8("v"));

        assertThat(StateKeys.current(ByteString.copyFromUtf8("key")).toHex()).isEqualTo("106b6579");
        assertThat(StateKeys.userKey(Bytes.of(new byte[] {0x10, 0x6b}))).isEqualTo(Bytes.utf8("k"));
        assertThat(row.toHex())
                .isEqualTo("21" + "00" + "0000000000000001" + "0000000000000002"
                        + "0000000000000003" + "0000000000000004" + "76");
        assertThat(StateKeys.decodeCurrent(row))
                .isEqualTo(new CurrentRow(new KeyRevisions(1, 2, 3, 4), Bytes.utf8("v")));
    }

    @Test
    void anEmptyValueIsAValue() {
        Bytes row = StateKeys.encodeCurrent(KeyRevisions.created(2), ByteString.EMPTY);

        assertThat(StateKeys.decodeCurrent(row).value()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aCurrentRowsHeaderMayGrow() {
        Bytes row = new BytesWriter(0)
                .putByte(35)
                .putByte(0)
                .putLong(1)
                .putLong(2)
                .putLong(3)
                .putLong(4)
                .putByte(98)
                .putByte(99)
                .put(Bytes.utf8("v"))
                .toBytes();

        assertThat(StateKeys.decodeCurrent(row).value()).isEqualTo(Bytes.utf8("v"));
    }

    @Test
    void aSessionRowHoldsSmallAnswersAndTheHashesOfLargeOnes() {
        assertThat(StateKeys.session(0x0102).toHex()).isEqualTo("500000000000000102");
        assertThat(StateKeys.sessionId(StateKeys.session(77))).isEqualTo(77);
        assertThat(StateKeys.sessionResult(1, 2).toHex())
                .isEqualTo("5100000000000000010000000000000002");
        assertThat(StateKeys.encodeSession(SESSION).toHex()).isEqualTo(SESSION_HEX);
        assertThat(StateKeys.decodeSession(StateKeys.encodeSession(SESSION))).isEqualTo(SESSION);
    }

    @Test
    void rowsThatEndEarlyAreDamage() {
        Bytes meta = StateKeys.encodeMeta(META);
        Bytes current = StateKeys.encodeCurrent(KeyRevisions.created(2), ByteString.EMPTY);
        Bytes session = StateKeys.encodeSession(SESSION);

        for (int length = 0; length < meta.length(); length++) {
            Bytes cut = meta.slice(0, length);
            assertThatThrownBy(() -> StateKeys.decodeMeta(cut))
                    .isInstanceOf(DamagedException.class);
        }
        for (int length = 0; length < current.length(); length++) {
            Bytes cut = current.slice(0, length);
            assertThatThrownBy(() -> StateKeys.decodeCurrent(cut))
                    .isInstanceOf(DamagedException.class);
        }
        for (int length = 0; length < session.length(); length++) {
            Bytes cut = session.slice(0, length);
            assertThatThrownBy(() -> StateKeys.decodeSession(cut))
                    .isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void anUnknownEncodingOrPlaceIsDamage() {
        Bytes encoded = Bytes.of(StateKeys.encodeCurrent(KeyRevisions.created(2), ByteString.EMPTY)
                .toArray());
        encoded.array()[1] = 1;
        Bytes place = Bytes.of(StateKeys.encodeSession(SESSION).toArray());
        place.array()[45 + 12] = 2;

        assertThatThrownBy(() -> StateKeys.decodeCurrent(encoded))
                .isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> StateKeys.decodeSession(place))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void kindsDoNotOverlap() {
        Bytes lastKey = StateKeys.current(ByteString.copyFrom(new byte[] {-1, -1, -1}));

        assertThat(StateKeys.META).isLessThan(StateKeys.CURRENT_FIRST);
        assertThat(lastKey).isBetween(StateKeys.CURRENT_FIRST, StateKeys.CURRENT_END);
        assertThat(StateKeys.CURRENT_END).isLessThan(StateKeys.SESSION_FIRST);
        assertThat(StateKeys.session(-1)).isBetween(StateKeys.SESSION_FIRST, StateKeys.SESSION_END);
        assertThat(StateKeys.sessionResult(-1, -1))
                .isBetween(StateKeys.SESSION_RESULT_FIRST, StateKeys.SESSION_RESULT_END);
    }
}
