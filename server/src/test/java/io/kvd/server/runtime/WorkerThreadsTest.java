package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class WorkerThreadsTest {
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private final Halt halt = new Halt(() -> {}, ended::add);

    @Test
    void finishesWhatItWasGivenBeforeItIsClosed() {
        List<String> names = new CopyOnWriteArrayList<>();

        WorkerThreads threads = new WorkerThreads("read", 2, halt);
        for (int i = 0; i < 100; i++) {
            threads.execute(() -> names.add(Thread.currentThread().getName()));
        }
        threads.close();
        threads.execute(() -> names.add("dropped"));

        assertThat(names).hasSize(100).allMatch(name -> name.matches("read-[12]"));
        assertThat(ended).isEmpty();
    }

    @Test
    void workThatThrowsHaltsTheProcess() throws InterruptedException {
        try (CapturedLog log = CapturedLog.of(Halt.class);
                WorkerThreads threads = new WorkerThreads("background", 1, halt)) {
            threads.execute(() -> {
                throw new StorageException(Kind.IO, "flushing data/state");
            });

            assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(12);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("flushing data/state", "thread=background");
        }
    }
}
