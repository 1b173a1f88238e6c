package io.kvd.server.metrics;

import com.codahale.metrics.Counter;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.RoleName;

/** Counts what happens in the loops. Called on the raft thread. */
public final class EventMetrics implements NodeEvents {
    private final Counter elections;
    private final Counter leaderships;
    private final Counter leaderChanges;
    private final Counter logCuts;
    private final Counter dropped;
    private final Counter snapshotsSent;
    private final Counter snapshotsInstalled;
    private final Counter snapshotsGivenUp;
    private final Distribution batchEntries;
    private final Distribution batchBytes;

    private long lastLeaderId;

    public EventMetrics(NodeMetrics metrics) {
        this.elections = metrics.counter(ServerMetric.RAFT_ELECTIONS);
        this.leaderships = metrics.counter(ServerMetric.RAFT_LEADERSHIPS);
        this.leaderChanges = metrics.counter(ServerMetric.RAFT_LEADER_CHANGES);
        this.logCuts = metrics.counter(ServerMetric.LOG_CUTS);
        this.dropped = metrics.counter(ServerMetric.PEER_DROPPED);
        this.snapshotsSent = metrics.counter(ServerMetric.SNAPSHOTS_SENT);
        this.snapshotsInstalled = metrics.counter(ServerMetric.SNAPSHOTS_INSTALLED);
        this.snapshotsGivenUp = metrics.counter(ServerMetric.SNAPSHOTS_GIVEN_UP);
        this.batchEntries = metrics.distribution(ServerMetric.LOG_BATCH_ENTRIES);
        this.batchBytes = metrics.distribution(ServerMetric.LOG_BATCH_BYTES);
    }

    @Override
    public void happened(Event event) {
        if (event instanceof Persisted persisted) {
            if (persisted.entryCount() > 0) {
                batchEntries.update(persisted.entryCount());
                batchBytes.update(persisted.byteCount());
            }
        } else if (event instanceof RoleTaken taken) {
            roleTaken(taken);
        } else if (event instanceof MessageDropped || event instanceof MessageRefused) {
            dropped.inc();
        } else if (event instanceof LogCut) {
            logCuts.inc();
        } else if (event instanceof SnapshotSent sent) {
            if (sent.step() == SendStep.INSTALLED) {
                snapshotsSent.inc();
            } else if (sent.step() == SendStep.GIVEN_UP) {
                snapshotsGivenUp.inc();
            }
        } else if (event instanceof SnapshotReceived received) {
            if (received.step() == ReceiveStep.INSTALLED) {
                snapshotsInstalled.inc();
            } else if (received.step() == ReceiveStep.GIVEN_UP) {
                snapshotsGivenUp.inc();
            }
        }
        // What else happens once or twice in a node's life is for the log.
    }

    private void roleTaken(RoleTaken taken) {
        if (taken.role() == RoleName.CANDIDATE) {
            elections.inc();
        } else if (taken.role() == RoleName.LEADER) {
            leaderships.inc();
        }
        if (taken.leaderId() != 0 && taken.leaderId() != lastLeaderId) {
            lastLeaderId = taken.leaderId();
            leaderChanges.inc();
        }
    }
}
