package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

class InboxTest {
    private final Inbox<Integer> inbox = new Inbox<>();

    @Test
    void givesItemsInTheOrderTheyWereAdded() {
        inbox.add(1);
        inbox.add(2);
        inbox.add(3);

        assertThat(inbox.drain()).containsExactly(1, 2, 3);
        assertThat(inbox.drain()).isEmpty();
    }

    @Test
    void leavesWhatIsTooMuchForOneTurnToTheNext() {
        IntStream.range(0, Inbox.MAX_DRAINED + 1).forEach(inbox::add);

        assertThat(inbox.drain()).hasSize(Inbox.MAX_DRAINED);
        assertThat(inbox.drain()).containsExactly(Inbox.MAX_DRAINED);
    }

    @Test
    void doesNotWaitWhenAnItemIsThere() {
        inbox.add(1);

        long before = System.nanoTime();
        inbox.await(TimeUnit.MINUTES.toNanos(1));

        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    /**
     * Each producer adds its next item only after the consumer took the one before, so that the consumer is parked or
     * parking nearly every time; it parks without a time limit that would hide a lost wake-up.
     */
    @Test
    @Timeout(60)
    void losesNoWakeUpWhenProducersRaceAgainstParking() throws InterruptedException {
        int producers = 3;
        int itemsEach = 20_000;
        int[] taken = new int[producers];
        List<Thread> threads = new ArrayList<>();
        Object[] turnstiles =
                IntStream.range(0, producers).mapToObj(i -> new Object()).toArray();
        for (int i = 0; i < producers; i++) {
            int producer = i;
            threads.add(Threads.daemon(
                    "producer-" + i, () -> produce(producer, itemsEach, taken, turnstiles)));
        }
        threads.forEach(Thread::start);

        int total = 0;
        while (total < producers * itemsEach) {
            inbox.await(Long.MAX_VALUE);
            for (int producer : inbox.drain()) {
                total++;
                synchronized (turnstiles[producer]) {
                    taken[producer]++;
                    turnstiles[producer].notifyAll();
                }
            }
        }

        assertThat(taken).containsOnly(itemsEach);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void produce(int producer, int count, int[] taken, Object[] turnstiles) {
        for (int sent = 1; sent <= count; sent++) {
            inbox.add(producer);
            synchronized (turnstiles[producer]) {
                while (taken[producer] < sent) {
                    try {
                        turnstiles[producer].wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
        }
    }
}
