package io.kvd.bench.workload;

import static io.kvd.bench.workload.Operation.INSERT;
import static io.kvd.bench.workload.Operation.READ;
import static io.kvd.bench.workload.Operation.READ_MODIFY_WRITE;
import static io.kvd.bench.workload.Operation.SCAN;
import static io.kvd.bench.workload.Operation.UPDATE;

import java.util.Locale;
import java.util.SplittableRandom;

/** A mix of operations. A to F are those of YCSB (Cooper et al., SoCC 2010), with their choice of keys. */
public enum Workload {
    PUT(KeyChoice.UNIFORM, 100, UPDATE, UPDATE),
    GET(KeyChoice.UNIFORM, 100, READ, READ),
    MIX(KeyChoice.UNIFORM, 50, READ, UPDATE),
    RANGE(KeyChoice.UNIFORM, 100, SCAN, SCAN),
    YCSB_A(KeyChoice.ZIPFIAN, 50, READ, UPDATE),
    YCSB_B(KeyChoice.ZIPFIAN, 95, READ, UPDATE),
    YCSB_C(KeyChoice.ZIPFIAN, 100, READ, READ),
    YCSB_D(KeyChoice.LATEST, 95, READ, INSERT),
    YCSB_E(KeyChoice.ZIPFIAN, 95, SCAN, INSERT),
    YCSB_F(KeyChoice.ZIPFIAN, 50, READ, READ_MODIFY_WRITE);

    private final KeyChoice keyChoice;
    /** Of a hundred operations so many are of the first kind, the others of the second. */
    private final int percent;

    private final Operation first;
    private final Operation second;

    Workload(KeyChoice keyChoice, int percent, Operation first, Operation second) {
        this.keyChoice = keyChoice;
        this.percent = percent;
        this.first = first;
        this.second = second;
    }

    /** How keys are chosen unless the user says otherwise. */
    public KeyChoice keyChoice() {
        return keyChoice;
    }

    public boolean writes() {
        return first.writes() || second.writes();
    }

    public boolean scans() {
        return first == SCAN || second == SCAN;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Operation next(SplittableRandom random) {
        return random.nextInt(100) < percent ? first : second;
    }
}
