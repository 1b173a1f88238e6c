package io.kvd.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class Hash128Test {
    /** Appleby's SMHasher: hashes of 0..255 bytes with seeds 256..1, hashed, as 4 little-endian bytes. */
    @Test
    void hasTheVerificationValueThatItsAuthorPublished() {
        BytesWriter hashes = new BytesWriter(256 * Hash128.BYTES);
        for (int length = 0; length < 256; length++) {
            long seed = 256L - length;
            Hash128 hash = new Hash128(seed, seed).then(countingBytes(length));
            hashes.putLong(Long.reverseBytes(hash.high())).putLong(Long.reverseBytes(hash.low()));
        }

        Hash128 ofHashes = Hash128.of(hashes.toBytes());

        assertThat((int) ofHashes.high()).isEqualTo(0x6384BA69);
    }

    @Test
    void hasTheKnownHashesOfKnownTexts() {
        assertThat(Hash128.of(Bytes.utf8("hello"))).hasToString("cbd8a7b341bd9b025b1e906a48ae1d19");
        assertThat(Hash128.of(Bytes.utf8("The quick brown fox jumps over the lazy dog")))
                .hasToString("e34bbc7bbc071b6c7a433ca9c49a9347");
    }

    @Test
    void dependsOnTheBytesOfAViewOnly() {
        Bytes whole = countingBytes(100);
        Bytes moved =
                new BytesWriter(200).putInt(7).put(whole).putInt(9).toBytes().slice(4, 104);

        assertThat(Hash128.of(moved)).isEqualTo(Hash128.of(whole));
    }

    @Test
    void chainTellsWhereOnePartEndsAndTheNextBegins() {
        Hash128 oneSplit = Hash128.of(Bytes.utf8("ab")).then(Bytes.utf8("c"));
        Hash128 other = Hash128.of(Bytes.utf8("a")).then(Bytes.utf8("bc"));

        assertThat(oneSplit).isNotEqualTo(other);
        assertThat(oneSplit).isNotEqualTo(Hash128.of(Bytes.utf8("abc")));
    }

    @Test
    void hashesANumberAsItsEightBytes() {
        long number = 0x0123456789abcdefL;
        Bytes littleEndian =
                new BytesWriter(8).putLong(Long.reverseBytes(number)).toBytes();

        assertThat(new Hash128(3, 4).then(number)).isEqualTo(new Hash128(3, 4).then(littleEndian));
    }

    @Test
    void sumsDoNotDependOnTheOrderAndCarryBetweenTheWords() {
        Hash128 max = new Hash128(0, -1);

        assertThat(max.plus(new Hash128(0, 1))).isEqualTo(new Hash128(1, 0));
        assertThat(new Hash128(1, 0).minus(new Hash128(0, 1))).isEqualTo(max);
        assertThat(Hash128.ZERO.minus(new Hash128(0, 1))).isEqualTo(new Hash128(-1, -1));

        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 1_000; i++) {
            Hash128 a = new Hash128(random.nextLong(), random.nextLong());
            Hash128 b = new Hash128(random.nextLong(), random.nextLong());
            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            assertThat(a.plus(b).minus(a)).isEqualTo(b);
        }
    }

    @Test
    void bytesAreReadBackAsTheyWereWritten() {
        Hash128 hash = Hash128.of(Bytes.utf8("x"));

        assertThat(Hash128.fromBytes(hash.toBytes())).isEqualTo(hash);
    }

    private static Bytes countingBytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return Bytes.of(bytes);
    }
}
