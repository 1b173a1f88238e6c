package io.kvd.bench.workload;

/** What is measured at a time. */
public record Step(Workload workload, KeyChoice keyChoice, Load load) {

    @Override
    public String toString() {
        String keys = keyChoice == workload.keyChoice() ? "" : " " + keyChoice;
        return workload + keys + ", " + load;
    }
}
