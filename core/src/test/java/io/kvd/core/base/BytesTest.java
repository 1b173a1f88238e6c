package io.kvd.core.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class BytesTest {
    @Test
    void sliceSharesTheArrayAndComparesByContent() {
        Bytes whole = Bytes.utf8("abcdef");

        Bytes slice = whole.slice(2, 5);

        assertThat(slice).isEqualTo(Bytes.utf8("cde")).hasSameHashCodeAs(Bytes.utf8("cde"));
        assertThat(slice.array()).isSameAs(whole.array());
        assertThat(slice.slice(1).toUtf8()).isEqualTo("de");
        assertThat(slice.compact().array()).hasSize(3);
    }

    @Test
    void ordersAsUnsignedBytesWithPrefixesFirst() {
        assertThat(Bytes.of(new byte[] {(byte) 0x80})).isGreaterThan(Bytes.of(new byte[] {0x7f}));
        assertThat(Bytes.utf8("a")).isLessThan(Bytes.utf8("aa"));
        assertThat(Bytes.EMPTY).isLessThan(Bytes.of(new byte[] {0}));
        assertThat(Bytes.utf8("ab").startsWith(Bytes.utf8("a"))).isTrue();
        assertThat(Bytes.utf8("a").startsWith(Bytes.utf8("ab"))).isFalse();
    }

    @Test
    void nothingBeyondTheViewIsRead() {
        Bytes view = Bytes.utf8("abcdefghijkl").slice(2, 8);

        assertThatThrownBy(() -> view.byteAt(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.intAt(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.longAt(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.slice(0, 7)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            byte[] blob = new byte[random.nextInt(40)];
            random.nextBytes(blob);
            long aLong = random.nextLong();
            int anInt = random.nextInt();

            BytesWriter out = new BytesWriter(random.nextInt(30));
            out.putByte(anInt)
                    .putLong(aLong)
                    .putSized(Bytes.of(blob))
                    .putInt(anInt)
                    .put(Bytes.of(blob));
            BytesReader in = new BytesReader(out.toBytes());

            assertThat(in.readByte()).isEqualTo((byte) anInt);
            assertThat(in.readLong()).isEqualTo(aLong);
            assertThat(in.readSized()).isEqualTo(Bytes.of(blob));
            assertThat(in.readInt()).isEqualTo(anInt);
            assertThat(in.read(in.remaining())).isEqualTo(Bytes.of(blob));
        }
    }

    @Test
    void integersAreBigEndian() {
        Bytes written = new BytesWriter(12).putInt(0x01020304).putLong(5).toBytes();

        assertThat(written.toHex()).isEqualTo("010203040000000000000005");
        assertThat(written.intAt(0)).isEqualTo(0x01020304);
        assertThat(written.longAt(4)).isEqualTo(5);
    }

    @Test
    void readingPastTheEndIsDamageAndNoWrongValue() {
        Bytes sized = new BytesWriter(8).putInt(5).putInt(0).toBytes();
        Bytes negative = new BytesWriter(8).putInt(-1).toBytes();

        assertThatThrownBy(() -> new BytesReader(sized).readSized())
                .isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> new BytesReader(negative).readSized())
                .isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> new BytesReader(negative).readLong())
                .isInstanceOf(DamagedException.class);
    }
}
