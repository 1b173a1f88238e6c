package io.kvd.core.node;

import io.kvd.core.kv.Answer;
import io.kvd.core.kv.AppliedBatch;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.kv.ParsedCommand;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.raft.Run;
import io.kvd.protocol.ExpiringSession;

import java.util.ArrayList;
import java.util.List;

/**
 * Executes committed entries and builds the replies. Owns the state machine and every write of its state; run by the
 * apply thread. Batches that wait in the inbox become one state batch (P3), so that a backlog is worked off in larger
 * steps.
 */
public final class ApplyLoop {
    /** Entries' bytes of one state batch, unless a single batch is larger. */
    private static final long MAX_BATCH_BYTES = 4 << 20;

    private static final int MAX_EXPIRED_AT_ONCE = 1024;

    private final long groupId;
    private final StateStores states;
    private final LiveState live;
    /** Over the live state; with that it is replaced. */
    private KvStateMachine machine;

    private long generation;

    /** What came of a turn: answers to {@link NodeLoop}, and replies to clients. */
    public record Outcome(List<NodeInput> toNode, List<ClientReply> replies) {
        public Outcome {
            toNode = List.copyOf(toNode);
            replies = List.copyOf(replies);
        }
    }

    /**
     * @param generation of the live state
     * @param machine over the live state
     */
    public ApplyLoop(
            long groupId,
            long generation,
            KvStateMachine machine,
            LiveState live,
            StateStores states) {
        this.groupId = groupId;
        this.generation = generation;
        this.machine = machine;
        this.live = live;
        this.states = states;
    }

    /** The state machine as it is now. Apply thread. */
    public KvStateMachine machine() {
        return machine;
    }

    /** Works off the whole inbox. */
    public Outcome runOnce(List<ApplyInput> inbox) {
        List<NodeInput> toNode = new ArrayList<>();
        List<ClientReply> replies = new ArrayList<>();
        List<ApplyInput.ApplyBatch> together = new ArrayList<>();
        long togetherBytes = 0;
        for (ApplyInput input : inbox) {
            if (input instanceof ApplyInput.ApplyBatch batch) {
                if (!together.isEmpty() && togetherBytes + bytesOf(batch) > MAX_BATCH_BYTES) {
                    apply(together, toNode, replies);
                    togetherBytes = 0;
                }
                together.add(batch);
                togetherBytes += bytesOf(batch);
            } else if (input instanceof ApplyInput.SwitchState next) {
                // To the state that is given up; but its writes are whole, and in order.
                apply(together, toNode, replies);
                togetherBytes = 0;
                toNode.add(switchTo(next.generation()));
            } else if (input instanceof ApplyInput.ScanSessions scan) {
                scan(scan, toNode);
            } else {
                throw new AssertionError("unhandled " + input);
            }
        }
        apply(together, toNode, replies);
        return new Outcome(toNode, replies);
    }

    private void apply(
            List<ApplyInput.ApplyBatch> batches,
            List<NodeInput> toNode,
            List<ClientReply> replies) {
        if (batches.isEmpty()) {
            return;
        }
        List<Run> runs = new ArrayList<>();
        List<ParsedCommand> parsed = new ArrayList<>();
        for (ApplyInput.ApplyBatch batch : batches) {
            runs.addAll(batch.runs());
            for (ApplyInput.WaitingWrite write : batch.waiting()) {
                parsed.add(new ParsedCommand(write.id(), write.command()));
            }
        }
        AppliedBatch applied = machine.apply(runs, parsed);
        for (ApplyInput.ApplyBatch batch : batches) {
            for (ApplyInput.WaitingWrite write : batch.waiting()) {
                Answer answer = applied.answers()
                        .get(Math.toIntExact(write.id().index() - applied.firstIndex()));
                replies.add(Replies.result(batch.header(), write.origin(), answer));
            }
        }
        batches.clear();
        toNode.add(new NodeInput.Applied(
                groupId,
                applied.applied(),
                applied.revision(),
                applied.stateHash(),
                applied.featureLevel(),
                applied.sessions()));
    }

    // Everything in memory is rebuilt from what the snapshot brought: sessions, rows, hash.
    private NodeInput switchTo(long next) {
        StateStore opened = states.open(groupId, next);
        machine = machine.openOver(opened);
        RetiredState retired = new RetiredState(generation, live.store());
        generation = next;
        live.become(opened);
        return new NodeInput.StateSwitched(
                groupId, OpenedState.appliedBy(groupId, machine), retired);
    }

    private void scan(ApplyInput.ScanSessions scan, List<NodeInput> toNode) {
        List<ExpiringSession> expirable = machine.expirable(scan.logTimeMs(), MAX_EXPIRED_AT_ONCE);
        if (!expirable.isEmpty()) {
            toNode.add(new NodeInput.SessionsExpirable(groupId, expirable));
        }
    }

    private static long bytesOf(ApplyInput.ApplyBatch batch) {
        long bytes = 0;
        for (Run run : batch.runs()) {
            bytes += run.sizeBytes();
        }
        return bytes;
    }
}
