package io.kvd.core.raft;

import java.util.List;

/** Of a replica that does not lead: it only answers. */
final class NoPeers implements SnapshotPeers {
    private final RaftCore core;

    NoPeers(RaftCore core) {
        this.core = core;
    }

    @Override
    public List<PeerStatus> status() {
        return List.of();
    }

    @Override
    public void ordered(long nodeId, long index) {}

    @Override
    public void made(long nodeId, long index, long bytes) {}

    @Override
    public void send(long nodeId, SnapshotPiece piece) {}

    @Override
    public void answer(Message.Header request, SnapshotPiece progress) {
        core.outbox()
                .sendAfterPersist(new Message.InstallSnapshotReply(
                        request.answeredIn(core.term()), progress));
    }

    @Override
    public void delivered(long nodeId) {}

    @Override
    public void givenUp(long nodeId) {}
}
