package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;

import java.util.ArrayList;
import java.util.List;

/**
 * One node at one moment.
 *
 * @param lagEntries committed somewhere and not applied here
 * @param takenNanos when, on this process's clock
 */
record NodeLoad(NodeView node, long lagEntries, NodeFigures figures, long takenNanos) {

    /**
     * What it did between two moments.
     *
     * @param isKnown whether it told its figures both times
     * @param stallShare of the time that RocksDB held writes up; 0 to 1 for each of its databases
     */
    record Row(
            NodeView node,
            boolean isKnown,
            double writesPerSecond,
            double readsPerSecond,
            double writeP50Seconds,
            double writeP99Seconds,
            double fsyncP99Seconds,
            double batchEntries,
            long lagEntries,
            double stallShare,
            double busyPerSecond,
            double cpuCores) {}

    /** The nodes of the later look, each compared with itself. */
    static List<Row> since(List<NodeLoad> before, List<NodeLoad> now) {
        List<Row> rows = new ArrayList<>();
        for (NodeLoad load : now) {
            NodeLoad same = load;
            for (NodeLoad earlier : before) {
                if (earlier.node().nodeId() == load.node().nodeId()) {
                    same = earlier;
                }
            }
            rows.add(load.since(same));
        }
        return rows;
    }

    private Row since(NodeLoad before) {
        // A node that was started again counts from 0 again.
        boolean isKnown = figures.isKnown()
                && before.figures.isKnown()
                && before.takenNanos != takenNanos
                && before.node.status().getIncarnation() == node.status().getIncarnation();
        double seconds = Math.max(1, takenNanos - before.takenNanos) / 1e9;
        double batches = grown("kvd_log_batch_entries_count", before);
        return new Row(
                node,
                isKnown,
                grown("kvd_request_total_seconds_count{op=\"write\"}", before) / seconds,
                (grown("kvd_request_total_seconds_count{op=\"read\"}", before)
                                + grown("kvd_request_total_seconds_count{op=\"count\"}", before))
                        / seconds,
                figures.figure("kvd_request_total_seconds_p50{op=\"write\"}"),
                figures.figure("kvd_request_total_seconds_p99{op=\"write\"}"),
                figures.fsyncP99Seconds(),
                batches == 0 ? 0 : grown("kvd_log_batch_entries_sum", before) / batches,
                lagEntries,
                (grown("kvd_rocksdb_stall_seconds_total{db=\"log\"}", before)
                                + grown("kvd_rocksdb_stall_seconds_total{db=\"state\"}", before))
                        / seconds,
                grown("kvd_admission_refused_total", before) / seconds,
                grown("kvd_process_cpu_seconds_total", before) / seconds);
    }

    private double grown(String name, NodeLoad before) {
        return Math.max(0, figures.figure(name) - before.figures.figure(name));
    }
}
