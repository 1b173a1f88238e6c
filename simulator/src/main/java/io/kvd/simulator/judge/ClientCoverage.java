package io.kvd.simulator.judge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Notes what clients are answered, and what became of their writes. */
final class ClientCoverage implements Observer, Meaning.Reader {
    private final World world;
    private final Coverage coverage;
    /** By write: the term of the entry that was executed. */
    private final TreeMap<Meaning.WriteId, Long> terms = new TreeMap<>();

    private final TreeSet<Long> sessions = new TreeSet<>();
    private final List<Bytes> unknown = new ArrayList<>();
    private long toldRevision;

    ClientCoverage(World world, Coverage coverage) {
        this.world = world;
        this.coverage = coverage;
    }

    @Override
    public void meant(Entry entry, KvModel.Applied applied) {
        Meaning.WriteId id =
                new Meaning.WriteId(entry.origin().sessionId(), entry.origin().sequence());
        switch (applied.how()) {
            case ANSWERED_BEFORE -> {
                coverage.countIf(Sometimes.KEPT_APART_ANSWERED, isApart(applied.result()));
                coverage.count(Sometimes.RETRY_ANSWERED);
                coverage.countIf(
                        Sometimes.RETRY_ANSWERED_BY_NEXT_LEADER,
                        terms.getOrDefault(id, entry.term()) < entry.term());
            }
            case EXECUTED -> executed(entry, id, applied.result());
            case REFUSED -> coverage.count(Sometimes.WRITE_AFTER_EXPIRY_REFUSED);
            case NO_COMMAND -> {}
        }
    }

    private void executed(Entry entry, Meaning.WriteId id, Result result) {
        if (id.sessionId() != 0) {
            coverage.countIf(Sometimes.KEPT_APART, isApart(result));
            terms.put(id, entry.term());
        }
        if (result.hasOpenSession()) {
            boolean isNew = sessions.add(result.getOpenSession().getSessionId());
            coverage.countIf(Sometimes.SESSION_FOUND_BY_NONCE, !isNew);
        } else if (result.hasCompareAndSet()) {
            boolean succeeded = result.getCompareAndSet().getSucceeded();
            coverage.count(succeeded ? Sometimes.SWAP_SUCCEEDED : Sometimes.SWAP_FAILED);
        } else if (result.hasEmpty() && isExpiry(entry)) {
            coverage.count(Sometimes.SESSION_EXPIRED);
        }
    }

    private boolean isApart(Result result) {
        return result.getSerializedSize() > world.options().sessions().maxInlineBytes();
    }

    private static boolean isExpiry(Entry entry) {
        try {
            return Command.parseFrom(entry.payload().toArray()).hasExpireSessions();
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        switch (reply.getCode()) {
            case OK -> served(request, reply);
            case NOT_LEADER -> coverage.count(Sometimes.REDIRECTED);
            case NO_LEADER -> coverage.count(Sometimes.NO_LEADER_KNOWN);
            case BUSY -> coverage.count(Sometimes.BUSY);
            case NO_SPACE -> coverage.count(Sometimes.NO_SPACE);
            case SHUTTING_DOWN -> coverage.count(Sometimes.SHUTTING_DOWN);
            case FUTURE_REVISION -> coverage.count(Sometimes.FUTURE_REVISION);
            case TIMEOUT -> coverage.count(Sometimes.READ_TIMED_OUT);
            case UNKNOWN_OUTCOME ->
                coverage.count(
                        reply.getMessage().contains("deadline")
                                ? Sometimes.DEADLINE_PASSED
                                : Sometimes.UNKNOWN_OF_DEPOSED);
            default -> {}
        }
    }

    private void served(Request request, Reply reply) {
        if (!request.hasRange()) {
            return;
        }
        long revision = reply.getRange().getRevision();
        Consistency consistency = request.getRange().getConsistency();
        coverage.countIf(Sometimes.ANSWER_ENDED_EARLY, reply.getRange().getMore());
        if (consistency == Consistency.STALE) {
            coverage.countIf(Sometimes.STALE_READ_BEHIND, revision < toldRevision);
        } else if (consistency == Consistency.BOUNDED) {
            coverage.countIf(Sometimes.BOUNDED_READ_BEHIND, revision < toldRevision);
            coverage.countIf(Sometimes.BOUNDED_BY_FOLLOWER, !leads(reply.getNodeId()));
        } else if (consistency == Consistency.LINEARIZABLE) {
            toldRevision = Math.max(toldRevision, revision);
            coverage.countIf(Sometimes.READ_BY_FOLLOWER, !leads(reply.getNodeId()));
        }
    }

    private boolean leads(long nodeId) {
        return world.host(nodeId)
                .process()
                .flatMap(NodeProcess::raft)
                .map(RaftCore::role)
                .map(role -> role == RoleName.LEADER)
                .orElse(true);
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        boolean isValue = operation.body() instanceof Operation.Put
                || operation.body() instanceof Operation.CompareAndSet;
        if (isValue && outcome instanceof Outcome.Unknown<Answer>) {
            ByteString command = ClientHost.command(operation.body()).toByteString();
            unknown.add(Bytes.of(command.toByteArray()));
        }
    }

    /** What became of the unknown, once it is known. */
    void settle(Meaning meaning) {
        for (Bytes command : unknown) {
            coverage.count(
                    meaning.executionOf(command).isPresent()
                            ? Sometimes.UNKNOWN_WAS_EXECUTED
                            : Sometimes.UNKNOWN_WAS_NOT_EXECUTED);
        }
    }
}
