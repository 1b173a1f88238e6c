package io.kvd.bench.torture;

import io.kvd.client.KeyValue;
import io.kvd.client.KvdClient;
import io.kvd.client.KvdException;
import io.kvd.client.OutcomeUnknownException;
import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that write without pause, each keys of its own, and that check what is found afterwards. */
final class Writers implements AutoCloseable {
    private static final int KEYS_EACH = 16;

    private final KvdClient client;
    private final List<List<KeyLedger>> ledgers = new ArrayList<>();
    private final ExecutorService threads;
    private final Gap gap = new Gap();
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean writing;
    private List<Future<?>> running = List.of();

    Writers(KvdClient client, int count) {
        this.client = client;
        this.threads = Executors.newFixedThreadPool(count);
        for (int writer = 0; writer < count; writer++) {
            List<KeyLedger> own = new ArrayList<>();
            for (int key = 0; key < KEYS_EACH; key++) {
                own.add(new KeyLedger("writer%d/key%d".formatted(writer, key)));
            }
            ledgers.add(own);
        }
    }

    void begin() {
        writing = true;
        gap.begin(System.nanoTime());
        List<Future<?>> begun = new ArrayList<>();
        for (List<KeyLedger> own : ledgers) {
            begun.add(threads.submit(() -> write(own)));
        }
        running = begun;
    }

    /** Returns once every writer has its last outcome. */
    void end() throws Exception {
        writing = false;
        for (Future<?> writer : running) {
            writer.get();
        }
    }

    /** The longest time without an acknowledged write since {@link #begin}. */
    long longestGapMillis() {
        return gap.longestMillis();
    }

    long acknowledgedCount() {
        return sum(KeyLedger::acknowledgedCount);
    }

    long unknownCount() {
        return sum(KeyLedger::unknownCount);
    }

    /** Calls that ended with an error although they retry within their deadline. */
    long errorCount() {
        return errors.get();
    }

    /** Reads every key linearizably; a sentence for each that contradicts its ledger. */
    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        for (List<KeyLedger> own : ledgers) {
            for (KeyLedger ledger : own) {
                Optional<KeyValue> row = client.get(ledger.key());
                Optional<String> contradiction = row.isPresent()
                        ? ledger.contradictionOf(row.get())
                        : ledger.contradictionOfAbsence();
                contradiction.ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public void close() {
        writing = false;
        threads.shutdownNow();
    }

    private void write(List<KeyLedger> own) {
        int turn = 0;
        while (writing) {
            KeyLedger ledger = own.get(turn++ % own.size());
            long value = ledger.next();
            try {
                client.put(Bytes.utf8(ledger.key()), Bytes.utf8(Long.toString(value)));
                ledger.acknowledged(value);
                gap.acknowledged(System.nanoTime());
            } catch (OutcomeUnknownException unknown) {
                errors.incrementAndGet();
                ledger.unknown();
            } catch (KvdException refused) {
                // Definite: nothing was applied.
                errors.incrementAndGet();
            }
        }
    }

    private interface Count {
        long of(KeyLedger ledger);
    }

    private long sum(Count count) {
        long sum = 0;
        for (List<KeyLedger> own : ledgers) {
            for (KeyLedger ledger : own) {
                sum += count.of(ledger);
            }
        }
        return sum;
    }
}
