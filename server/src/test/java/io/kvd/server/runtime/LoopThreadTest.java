package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

@Timeout(30)
class LoopThreadTest {
    private final BlockingQueue<Integer> halted = new LinkedBlockingQueue<>();
    private final Halt halt = new Halt(() -> {}, halted::add);
    private final Inbox<Integer> inbox = new Inbox<>();

    @Test
    void handsInputsOverInOrderAndSleepsInBetween() throws InterruptedException {
        BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
        AtomicLong turns = new AtomicLong();

        try (LoopThread<Integer> thread =
                LoopThread.start("test", collect(seen, turns), inbox, halt)) {
            IntStream.range(0, 1000).forEach(inbox::add);
            for (int i = 0; i < 1000; i++) {
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(i);
            }
            assertThat(thread.name()).isEqualTo("test");
        }

        assertThat(turns.get()).isLessThanOrEqualTo(1002);
        assertThat(halted).isEmpty();
    }

    @Test
    void turnsAtOnceWhileThereIsMoreWork() throws InterruptedException {
        BlockingQueue<Long> turns = new LinkedBlockingQueue<>();
        AtomicLong left = new AtomicLong(5);
        LoopThread.Loop<Integer> loop = (inputs, now) -> {
            turns.add(now);
            return left.decrementAndGet() > 0 ? 0 : LoopThread.UNTIL_INPUT;
        };

        try (LoopThread<Integer> thread = LoopThread.start("test", loop, inbox, halt)) {
            for (int i = 0; i < 5; i++) {
                assertThat(turns.poll(10, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(thread.turns()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void turnsAgainWhenTheLoopAskedFor() throws InterruptedException {
        BlockingQueue<Long> turns = new LinkedBlockingQueue<>();
        long delay = TimeUnit.MILLISECONDS.toNanos(20);
        LoopThread.Loop<Integer> loop = (inputs, now) -> {
            turns.add(now);
            return delay;
        };

        try (LoopThread<Integer> thread = LoopThread.start("test", loop, inbox, halt)) {
            List<Long> times = new ArrayList<>();
            while (times.size() < 4) {
                times.add(turns.take());
            }
            assertThat(times.get(3) - times.get(0)).isGreaterThanOrEqualTo(delay);
            assertThat(thread.turns()).isPositive();
        }
    }

    @Test
    void givesOneLastTurnWithWhatIsLeftWhenClosed() {
        List<Integer> seen = new ArrayList<>();
        LoopThread.Loop<Integer> loop = (inputs, now) -> {
            seen.addAll(inputs);
            return LoopThread.UNTIL_INPUT;
        };

        LoopThread<Integer> thread = LoopThread.start("test", loop, inbox, halt);
        inbox.add(7);
        thread.close();

        assertThat(seen).containsExactly(7);
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(new StorageException(Kind.IO, "fsync"), 12),
                Arguments.of(new StorageException(Kind.NO_SPACE, "write"), 13),
                Arguments.of(new StorageException(Kind.DAMAGE, "run 7"), 11),
                Arguments.of(new StorageException(Kind.REFUSED, "locked"), 10),
                Arguments.of(new InvariantViolation("commit went back"), 15),
                Arguments.of(new AssertionError("unhandled"), 15),
                Arguments.of(new IllegalStateException("surprise"), 1),
                Arguments.of(new OutOfMemoryError("pretended"), 1));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverATurnThrowsHaltsTheProcessOnceWithItsExitCode(Throwable failure, int exitCode)
            throws InterruptedException {
        AtomicLong turns = new AtomicLong();
        LoopThread.Loop<Integer> loop = (inputs, now) -> {
            turns.incrementAndGet();
            throw sneaky(failure);
        };

        try (CapturedLog log = CapturedLog.of(Halt.class);
                LoopThread<Integer> thread = LoopThread.start("test", loop, inbox, halt)) {
            assertThat(halted.poll(10, TimeUnit.SECONDS)).isEqualTo(exitCode);
            halt.because("again", failure);

            assertThat(thread.turns()).isZero();
            assertThat(log.lines()).hasSize(1);
        }
        assertThat(halted).isEmpty();
        assertThat(turns).hasValue(1);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
        throw (E) failure;
    }

    private static LoopThread.Loop<Integer> collect(BlockingQueue<Integer> seen, AtomicLong turns) {
        return (inputs, now) -> {
            turns.incrementAndGet();
            seen.addAll(inputs);
            return LoopThread.UNTIL_INPUT;
        };
    }
}
