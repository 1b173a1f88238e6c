package io.kvd.simulator.judge;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.core.raft.Run;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Notes what replicas come to see of elections and logs. */
final class RaftCoverage implements Observer {
    private static final int MANY_ENTRIES = 10;
    private static final int LONG_TAIL = 5;

    private final boolean thrifty;
    private final Ledger ledger;
    private final Coverage coverage;
    private final Map<Long, NodeEvents.RoleTaken> roles = new TreeMap<>();
    /** (node, term, candidate) of every vote given. */
    private final TreeSet<String> votes = new TreeSet<>();
    /** By node id: where its log ended before the batch that is being persisted. */
    private final PerNode<Long> lastIndexes = new PerNode<>(0L);

    private long lastLeader;
    private long lastLeaderTerm;
    private long commitTold;
    private boolean transferAsked;

    RaftCoverage(World world, Ledger ledger, Coverage coverage) {
        this.thrifty = world.options().node().raft().lateAnswerTicks() > 0;
        this.ledger = ledger;
        this.coverage = coverage;
    }

    @Override
    public void ended(NodeProcess process) {
        roles.remove(process.host().id());
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.RoleTaken taken) {
            long nodeId = process.host().id();
            Optional<NodeEvents.RoleTaken> before = Optional.ofNullable(roles.put(nodeId, taken));
            before.ifPresent(b -> changed(b, taken));
            if (taken.role() == RoleName.LEADER) {
                elected(nodeId, taken);
            }
        } else if (event instanceof NodeEvents.LogCut) {
            coverage.count(Sometimes.LOG_CUT);
        }
    }

    private void changed(NodeEvents.RoleTaken before, NodeEvents.RoleTaken taken) {
        boolean wasLeader = before.role() == RoleName.LEADER;
        coverage.countIf(
                Sometimes.DEPOSED_WITHOUT_QUORUM,
                wasLeader && taken.role() != RoleName.LEADER && taken.term() == before.term());
        coverage.countIf(
                Sometimes.DEPOSED_BY_HIGHER_TERM, wasLeader && taken.term() > before.term());
        coverage.countIf(
                Sometimes.SPLIT_VOTE,
                before.role() == RoleName.CANDIDATE && taken.role() == RoleName.PRE_CANDIDATE);
    }

    private void elected(long nodeId, NodeEvents.RoleTaken taken) {
        coverage.countIf(Sometimes.ANOTHER_LEADER, lastLeader != 0 && lastLeader != nodeId);
        coverage.countIf(
                Sometimes.SAME_LEADER_AGAIN, lastLeader == nodeId && taken.term() > lastLeaderTerm);
        coverage.countIf(Sometimes.OFFICE_TRANSFERRED, transferAsked);
        transferAsked = false;
        lastLeader = nodeId;
        lastLeaderTerm = taken.term();
        long leaders = roles.values().stream()
                .filter(role -> role.role() == RoleName.LEADER)
                .count();
        coverage.countIf(Sometimes.TWO_LEADERS, leaders > 1);
        EntryTable log = ledger.disk(nodeId).log();
        coverage.countIf(
                Sometimes.ELECTED_WITH_OPEN_TAIL,
                log.last() > ledger.committed().last() + 1);
        for (Ledger.Disk other : ledger.disks()) {
            if (other.log().last() > log.last()) {
                coverage.count(Sometimes.ELECTED_WITHOUT_ALL);
                break;
            }
        }
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        if (message instanceof Message.PreVoteReply reply) {
            coverage.countIf(Sometimes.PRE_VOTE_REFUSED, reply.vote() == Message.Vote.REFUSED);
        } else if (message instanceof Message.VoteReply reply) {
            voted(process.host().id(), reply);
        } else if (message instanceof Message.AppendRejected) {
            coverage.count(Sometimes.APPEND_REJECTED);
        } else if (message instanceof Message.TimeoutNow) {
            transferAsked = true;
        }
    }

    private void voted(long nodeId, Message.VoteReply reply) {
        if (reply.vote() == Message.Vote.REFUSED) {
            coverage.count(Sometimes.VOTE_REFUSED);
        } else {
            boolean isNew = votes.add(nodeId + " " + reply.term() + " " + reply.to());
            coverage.countIf(Sometimes.VOTE_REPEATED, !isNew);
        }
    }

    @Override
    public void received(NodeProcess process, Message message) {
        if (process.raft().isEmpty()) {
            return;
        }
        boolean isOld = message.term() < process.raft().get().term();
        if (message instanceof Message.AppendEntries) {
            coverage.countIf(Sometimes.APPEND_OF_OLD_TERM, isOld);
        } else if (message instanceof Message.VoteRequest) {
            coverage.countIf(Sometimes.VOTE_REQUEST_OF_OLD_TERM, isOld);
        } else if (message.isAnswer()) {
            coverage.countIf(
                    Sometimes.ANSWER_TO_EARLIER_LIFE,
                    message.header().incarnation() != process.identity().incarnation());
        }
    }

    /** The ledger was told before: what was cut off is gone from it. */
    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        long nodeId = process.host().id();
        for (LogBatch.GroupWrite write : batch.groups()) {
            long before = lastIndexes.get(nodeId);
            if (write.truncateFrom() > 0 && write.truncateFrom() <= before) {
                coverage.count(Sometimes.TAIL_TRUNCATED);
                long cut = before - write.truncateFrom() + 1;
                coverage.countIf(Sometimes.LONG_TAIL_TRUNCATED, cut >= LONG_TAIL);
                coverage.countIf(
                        Sometimes.LOG_LOST_ENTRIES_OF_DEAD_LEADER,
                        before > ledger.committed().last());
            }
            int entries = 0;
            for (Run run : write.runs()) {
                entries += run.entryCount();
            }
            coverage.countIf(Sometimes.MANY_ENTRIES_AT_ONCE, entries >= MANY_ENTRIES);
        }
        lastIndexes.put(nodeId, ledger.disk(nodeId).log().last());
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        long index = ledger.committed().last();
        if (index <= commitTold) {
            return;
        }
        EntryTable committed = ledger.committed();
        coverage.countIf(
                Sometimes.EARLIER_TERM_COMMITTED,
                index > commitTold + 1
                        && committed.termAt(index) > committed.termAt(commitTold + 1));
        commitTold = index;
        int quorum = ledger.disks().size() / 2 + 1;
        boolean isBare = quorum < ledger.disks().size() && ledger.copiesOf(index) == quorum;
        coverage.countIf(Sometimes.COMMITTED_ON_BARE_MAJORITY, isBare);
        coverage.countIf(Sometimes.COMMITTED_BY_THRIFTY_LEADER, thrifty && isBare);
    }

    @Override
    public void turned(NodeProcess process) {
        if (process.raft().isEmpty()) {
            return;
        }
        RaftCore raft = process.raft().get();
        if (raft.commitIndex() - raft.appliedIndex() >= MANY_ENTRIES) {
            coverage.count(Sometimes.APPLY_LAGGED);
        }
    }
}
