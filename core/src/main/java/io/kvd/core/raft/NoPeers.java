package io.kvd.core.raft;

import java.util.List;

/** Of a replica that does not lead. */
enum NoPeers implements SnapshotPeers {
    INSTANCE;

    @Override
    public List<PeerStatus> status() {
        return List.of();
    }

    @Override
    public void ordered(long nodeId, long index) {}

    @Override
    public void made(long nodeId, long index, long bytes) {}

    @Override
    public void delivered(long nodeId) {}

    @Override
    public void givenUp(long nodeId) {}
}
