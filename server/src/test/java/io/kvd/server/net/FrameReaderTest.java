package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Wire;
import io.kvd.server.net.FrameReader.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class FrameReaderTest {
    private static final int SKIPPED_FROM_BYTES = 50_000;

    private final FrameReader reader = new FrameReader();
    private final Heard heard = new Heard();

    @Test
    void framesAreTheSameHoweverTheyAreCut() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            List<Bytes> sent = new ArrayList<>();
            BytesWriter stream = new BytesWriter(1 << 16).put(Wire.MAGIC);
            for (int i = 0; i < 20; i++) {
                byte[] body = new byte
                        [random.nextInt(10) == 0 ? random.nextInt(80_000) : random.nextInt(40)];
                random.nextBytes(body);
                sent.add(Bytes.of(body));
                stream.putSized(Bytes.of(body));
            }
            FrameReader cut = new FrameReader();
            Heard got = new Heard();
            Bytes all = stream.toBytes();
            int from = 0;
            while (from < all.length()) {
                int to = Math.min(
                        all.length(), from + 1 + random.nextInt(random.nextBoolean() ? 8 : 60_000));
                cut.read(buffer(all.slice(from, to)), got);
                from = to;
            }

            assertThat(got.frames)
                    .containsExactlyElementsOf(sent.stream()
                            .map(body -> body.length() < SKIPPED_FROM_BYTES
                                    ? body
                                    : body.slice(0, FrameReader.HEAD_BYTES))
                            .toList());
            assertThat(cut.inFrame()).isFalse();
        }
    }

    @Test
    void anotherMagicStopsTheReader() {
        reader.read(buffer(Wire.MAGIC.slice(0, 3)), heard);
        reader.read(buffer(Bytes.utf8("ET / HTTP/1.1")), heard);
        reader.read(buffer(Wire.MAGIC), heard);

        assertThat(heard.wrongMagic).hasSize(1);
        assertThat(heard.wrongMagic.get(0).startsWith(Wire.MAGIC.slice(0, 3))).isTrue();
        assertThat(heard.frames).isEmpty();
    }

    @Test
    void aLengthIsAnUnsignedNumber() {
        heard.verdict = Verdict.STOP;
        reader.read(buffer(new BytesWriter(16).put(Wire.MAGIC).putInt(-1).toBytes()), heard);
        reader.read(buffer(new BytesWriter(16).putInt(1).toBytes()), heard);

        assertThat(heard.lengths).containsExactly(0xffff_ffffL);
    }

    @Test
    void aBodyThatHasNotComeTakesNoMemory() {
        reader.read(buffer(new BytesWriter(16).put(Wire.MAGIC).putInt(60_000).toBytes()), heard);
        heard.verdict = Verdict.READ;
        Bytes announced = new BytesWriter(16).putInt(1 << 30).toBytes();
        reader.read(buffer(Bytes.of(new byte[60_000])), heard);
        Bytes part = Bytes.of(new byte[100_000]);
        ByteBuf head = buffer(announced);
        ByteBuf body = buffer(part);

        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        reader.read(head, heard);
        reader.read(body, heard);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;

        assertThat(reader.inFrame()).isTrue();
        assertThat(allocated).isLessThan(4L * part.length());
    }

    @Test
    void aBodyThatMayNotGrowIsSkippedAndItsHeadKept() {
        heard.verdict = Verdict.READ;
        heard.maxAllocatedBytes = 50_000;
        byte[] large = new byte[200_000];
        new SplittableRandom(1).nextBytes(large);
        Bytes stream = new BytesWriter(16)
                .put(Wire.MAGIC)
                .putSized(Bytes.of(large))
                .putSized(Bytes.utf8("next"))
                .toBytes();
        for (int from = 0; from < stream.length(); from += 10_000) {
            if (from > 200_000) {
                heard.maxAllocatedBytes = Long.MAX_VALUE;
            }
            reader.read(
                    buffer(stream.slice(from, Math.min(stream.length(), from + 10_000))), heard);
        }

        assertThat(heard.frames)
                .containsExactly(Bytes.of(large, 0, FrameReader.HEAD_BYTES), Bytes.utf8("next"));
    }

    private static ByteBuf buffer(Bytes bytes) {
        return Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length());
    }

    private static final class Heard implements FrameReader.Listener {
        final List<Bytes> wrongMagic = new ArrayList<>();
        final List<Long> lengths = new ArrayList<>();
        /** Bodies, or what was kept of those that were skipped. */
        final List<Bytes> frames = new ArrayList<>();

        Verdict verdict = Verdict.SKIP;
        long allocatedBytes;
        long maxAllocatedBytes = Long.MAX_VALUE;

        @Override
        public void magicWrong(Bytes start) {
            wrongMagic.add(start);
        }

        @Override
        public Verdict frameBegins(long bodyBytes) {
            lengths.add(bodyBytes);
            return verdict == Verdict.SKIP && bodyBytes < SKIPPED_FROM_BYTES
                    ? Verdict.READ
                    : verdict;
        }

        @Override
        public boolean bodyGrows(int bytes) {
            allocatedBytes += bytes;
            return allocatedBytes <= maxAllocatedBytes;
        }

        @Override
        public void frame(Bytes body) {
            frames.add(body);
        }

        @Override
        public void frameSkipped(Bytes head) {
            frames.add(head);
        }
    }
}
