package io.kvd.core.node;

import io.kvd.core.codec.Life;
import io.kvd.core.codec.Lives;
import io.kvd.core.codec.Remembered;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this node remembers of the other members, so that one whose directory was replaced by an older copy is told: it
 * could vote as if it remembered (Raft Figure 2, persistent state). All that is remembered of a member was durable there
 * before this node could hear of it, so a member with its own directory never has less, whatever is lost, late or
 * crashes; each member judges that itself, by its present state (docs/adr/0011). Owned by the raft thread.
 */
final class PeerMemory {
    private final TreeMap<Long, Remembered> byNode = new TreeMap<>();
    /** By node id: in which of its lives it told this one what it remembers of it. */
    private final Map<Long, PeerIdentity> told = new TreeMap<>();
    /** By node id: when it was asked last. */
    private final Map<Long, Long> askedTick = new TreeMap<>();

    private final int askEveryTicks;
    private final int writeEveryTicks;
    private long ticks;
    private long writtenTick;
    private boolean isChanged;

    PeerMemory(NodeOptions options, List<NodeRecord.RememberedPeer> restored) {
        this.askEveryTicks = options.raft().heartbeatTicks();
        this.writeEveryTicks = options.raft().electionTicks();
        restored.forEach(peer -> byNode.put(peer.nodeId(), peer.remembered()));
    }

    Remembered of(long nodeId) {
        return byNode.getOrDefault(nodeId, Remembered.NOTHING);
    }

    /** For the disk. */
    List<NodeRecord.RememberedPeer> list() {
        List<NodeRecord.RememberedPeer> list = new ArrayList<>();
        byNode.forEach((nodeId, what) -> list.add(new NodeRecord.RememberedPeer(nodeId, what)));
        return list;
    }

    /** Whether something is to be written with what is written anyway: now and then. */
    boolean isDue() {
        return isChanged && ticks - writtenTick >= writeEveryTicks;
    }

    void written() {
        isChanged = false;
        writtenTick = ticks;
    }

    void tick() {
        ticks++;
    }

    /** Whether the peer is of an earlier life than was seen of its directory, or of a copy's life of that number. */
    boolean isOver(PeerIdentity peer) {
        Life seen = of(peer.nodeId()).life();
        return peer.incarnation() < seen.incarnation()
                || (peer.incarnation() == seen.incarnation() && !isMet(peer));
    }

    /**
     * Whether the peer has to say which lives its directory had, before this one counts: another one was seen of it, and
     * this one may be a copy's. A copy's life that were remembered would refuse the member's own directory.
     */
    boolean mustProve(PeerIdentity peer) {
        return !of(peer.nodeId()).life().equals(Life.NONE) && !isMet(peer);
    }

    private boolean isMet(PeerIdentity peer) {
        return peer.life().equals(of(peer.nodeId()).life());
    }

    /** Whether this life of the peer was not seen before; it is to be written before anything of it counts. */
    boolean meets(PeerIdentity peer) {
        boolean isNew = peer.incarnation() > of(peer.nodeId()).life().incarnation();
        learn(peer.nodeId(), new Remembered(peer.life(), 0, 0));
        return isNew;
    }

    /** The core took the message. Of what it says only what its sender had on disk before is remembered. */
    void took(Message message, RaftCore core) {
        boolean isPromise = message instanceof Message.AppendAccepted
                || (message instanceof Message.VoteReply reply
                        && reply.vote() == Message.Vote.GRANTED);
        if (isPromise && message.term() == core.term()) {
            learn(message.from(), new Remembered(Life.NONE, message.term(), 0));
        }
    }

    /** What a leader knows of each, and a follower of all: only committed entries are never truncated (Raft §5.4). */
    void learnFrom(RaftCore core, long self) {
        if (core.role() == RoleName.LEADER) {
            for (PeerStatus peer : core.peers()) {
                learn(
                        peer.nodeId(),
                        new Remembered(
                                Life.NONE, 0, Math.min(peer.matchIndex(), core.commitIndex())));
            }
            return;
        }
        long all = Math.min(core.neededFrom().minMatchIndex(), core.commitIndex());
        for (Member member : core.configuration().members()) {
            if (member.nodeId() != self) {
                learn(member.nodeId(), new Remembered(Life.NONE, 0, all));
            }
        }
    }

    private void learn(long nodeId, Remembered news) {
        Remembered before = of(nodeId);
        Remembered after = before.max(news);
        if (!after.equals(before)) {
            byNode.put(nodeId, after);
            isChanged = true;
        }
    }

    /** That life of the peer told what it remembers of this node. */
    void heard(PeerIdentity peer) {
        told.put(peer.nodeId(), peer);
    }

    boolean hasTold(PeerIdentity peer) {
        return peer.equals(told.get(peer.nodeId()));
    }

    /** Whether it is time to ask it what it remembers, once more. */
    boolean mayAsk(long nodeId) {
        long asked = askedTick.getOrDefault(nodeId, ticks - askEveryTicks);
        if (ticks - asked < askEveryTicks) {
            return false;
        }
        askedTick.put(nodeId, ticks);
        return true;
    }

    /**
     * What a peer remembers of this node and this node does not have, in words; empty if it has all of it.
     *
     * @param own the lives of this node's directory, to this one
     */
    static String forgotten(Remembered remembered, long peer, Lives own, RaftCore core) {
        String who = "node %d has seen this node ".formatted(peer);
        long seen = remembered.life().incarnation();
        if (seen > own.incarnation()) {
            return who
                    + "in its start %d, and this is its start %d"
                            .formatted(seen, own.incarnation());
        }
        if (own.lack(remembered.life())) {
            return who
                    + "in its start %d, and start %d of this directory was another one"
                            .formatted(seen, seen);
        }
        if (remembered.index() > core.lastId().index()) {
            return who
                    + "acknowledge entry %d, and its log ends at %d"
                            .formatted(remembered.index(), core.lastId().index());
        }
        return remembered.term() > core.term()
                ? who
                        + "promise something in term %d, and it knows no term after %d"
                                .formatted(remembered.term(), core.term())
                : "";
    }
}
