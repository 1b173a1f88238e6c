package io.kvd.bench.workload;

import io.kvd.core.base.Bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** An endless supply of requests for one caller; the same seed gives the same ones. Owned by that caller. */
public interface Requests {
    /** A scan reads 1 to so many rows, as YCSB's workload E does. */
    int MAX_SCAN_ROWS = 100;

    Request next();

    /** For so many callers, each with a chance of its own, all on the same keys. */
    static List<Requests> of(Step step, KeySpace keys, Values values, long seed) {
        KeyChoice.Chooser chooser = step.keyChoice().of(keys);
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Requests> callers = new ArrayList<>();
        for (int i = 0; i < step.load().callers(); i++) {
            SplittableRandom random = seeds.split();
            callers.add(() -> {
                Operation operation = step.workload().next(random);
                long number = operation == Operation.INSERT ? keys.claim() : chooser.next(random);
                Bytes value = operation.writes() ? values.next(random) : Bytes.EMPTY;
                int rows = operation == Operation.SCAN ? 1 + random.nextInt(MAX_SCAN_ROWS) : 0;
                return new Request(operation, number, value, rows);
            });
        }
        return callers;
    }

    /** Puts of the keys 0 to the number that are to be there, in this order, and from then on of the last one. */
    static List<Requests> loading(KeySpace keys, Values values, int callers) {
        AtomicLong next = new AtomicLong();
        SplittableRandom seeds = new SplittableRandom(keys.loaded());
        List<Requests> loaders = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            SplittableRandom random = seeds.split();
            loaders.add(() -> new Request(
                    Operation.UPDATE,
                    Math.min(next.getAndIncrement(), keys.loaded() - 1),
                    values.next(random),
                    0));
        }
        return loaders;
    }
}
