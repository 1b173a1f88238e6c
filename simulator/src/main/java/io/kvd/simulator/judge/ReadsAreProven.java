package io.kvd.simulator.judge;

import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.ReadBatch;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * A linearizable read is served only with a proof that came after it: a majority answered messages of a round of which
 * none had left when the read came, here if this node led, else at the leader that it asked. What was seen on the
 * network is counted, not what nodes believe.
 */
final class ReadsAreProven extends Judge {
    private final IdentityHashMap<NodeProcess, Seen> seen = new IdentityHashMap<>();
    /** Counts what happens. */
    private long moment;

    /** What of one process was seen. */
    private static final class Seen {
        private final TreeMap<Long, TreeMap<Long, Long>> taken = new TreeMap<>();
        /** By the reads of a question to its leader: when it left. */
        private final TreeMap<String, Long> asked = new TreeMap<>();
        /** By asker and reads: when a question arrived. */
        private final TreeMap<String, Long> questions = new TreeMap<>();
        /** Of its office in the term. */
        private long term;
        /** By round: when its first message left. */
        private final TreeMap<Long, Long> rounds = new TreeMap<>();
        /** By peer: the highest round that it answered. */
        private final TreeMap<Long, Long> answered = new TreeMap<>();
        /** What came before has its proof. */
        private long proven;
    }

    ReadsAreProven() {
        super("linearizable reads are proven", "thesis §6.4");
    }

    private Seen of(NodeProcess process) {
        return seen.computeIfAbsent(process, p -> new Seen());
    }

    @Override
    public void ended(NodeProcess process) {
        seen.remove(process);
    }

    @Override
    public void taken(NodeProcess process, ClientRequest request) {
        of(process)
                .taken
                .computeIfAbsent(request.origin().connectionId(), c -> new TreeMap<>())
                .put(request.origin().requestId(), ++moment);
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        Seen mine = of(process);
        moment++;
        if (message instanceof Message.AppendEntries append) {
            if (mine.term != append.term()) {
                mine.term = append.term();
                mine.rounds.clear();
                mine.answered.clear();
            }
            mine.rounds.putIfAbsent(append.round(), moment);
        } else if (message instanceof Message.ReadIndexRequest question) {
            mine.asked.put(nameOf(question.reads()), moment);
        } else if (message instanceof Message.ReadIndexReply reply) {
            String question = reply.to() + nameOf(reply.reads());
            long came = mine.questions.getOrDefault(question, Long.MAX_VALUE);
            check(
                    came < proofOf(process, mine),
                    "%s answers node %d's question for a read index with an older proof: %s",
                    process,
                    reply.to(),
                    reply);
        }
    }

    @Override
    public void received(NodeProcess process, Message message) {
        Seen mine = of(process);
        moment++;
        if (message instanceof Message.AppendAccepted accepted) {
            answered(process, mine, message, accepted.round());
        } else if (message instanceof Message.AppendRejected rejected) {
            answered(process, mine, message, rejected.round());
        } else if (message instanceof Message.ReadIndexRequest question) {
            // Come again, it is as good as new.
            mine.questions.putIfAbsent(question.from() + nameOf(question.reads()), moment);
        } else if (message instanceof Message.ReadIndexReply reply) {
            Long left = mine.asked.remove(nameOf(reply.reads()));
            mine.proven = Math.max(mine.proven, left == null ? 0 : left);
        }
    }

    private void answered(NodeProcess process, Seen mine, Message answer, long round) {
        // A round that this office never asked for is of another one.
        if (answer.term() == mine.term && mine.rounds.containsKey(round)) {
            mine.answered.merge(answer.from(), round, Math::max);
            mine.proven = Math.max(mine.proven, proofOf(process, mine));
        }
    }

    /** When the newest round began that a majority answered, this node among them. */
    private long proofOf(NodeProcess process, Seen mine) {
        RaftCore raft = process.raft().orElseThrow();
        List<Long> begun = new ArrayList<>();
        for (long voter : raft.configuration().voters()) {
            begun.add(
                    voter == raft.nodeId()
                            ? Long.valueOf(moment)
                            : mine.rounds.getOrDefault(mine.answered.getOrDefault(voter, -1L), 0L));
        }
        Collections.sort(begun);
        return begun.get((begun.size() - 1) / 2);
    }

    @Override
    public void serving(NodeProcess process, ReadBatch batch) {
        Seen mine = of(process);
        RaftCore raft = process.raft().orElseThrow();
        if (raft.configuration().voters().size() == 1 && raft.role() == RoleName.LEADER) {
            return;
        }
        for (ClientRequest request : batch.requests()) {
            ClientRequest.Range range = (ClientRequest.Range) request.body();
            long came = mine.taken
                    .getOrDefault(request.origin().connectionId(), new TreeMap<>())
                    .getOrDefault(request.origin().requestId(), 0L);
            if (Told.isLinearizable(range.request())) {
                check(
                        came < mine.proven || came == 0,
                        "%s serves request %d of connection %d, which came at %d, with a proof of %d: %s",
                        process,
                        request.origin().requestId(),
                        request.origin().connectionId(),
                        came,
                        mine.proven,
                        raft);
            }
        }
    }

    private static String nameOf(List<ReadId> reads) {
        return reads.toString();
    }
}
