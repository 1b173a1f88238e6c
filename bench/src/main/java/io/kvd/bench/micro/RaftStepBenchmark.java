package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.raft.Configuration;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Identity;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.Proposal;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RaftOptions;
import io.kvd.core.raft.Ready;
import io.kvd.core.raft.RestoredReplica;
import io.kvd.core.raft.RoleName;
import io.kvd.core.raft.Run;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The Raft algorithm alone, in a group of three: disk, network and state machine do at once what the core says. One
 * operation is one batch of so many writes of 300 bytes each. In a heap as small as a node's, and touched before: pages
 * that the system must give first would cost more than all else.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls begin().
public class RaftStepBenchmark {
    private static final long GROUP = 1;
    private static final int MEMBERS = 3;
    private static final long LEADER = 1;
    private static final long FOLLOWER = 2;
    private static final long SEED = 42;
    private static final int BATCHES = 64;
    private static final EntryId BIRTH = new EntryId(1, 1);

    /** A leader, and what is proposed to it. */
    @State(Scope.Thread)
    public static class Leading {
        @Param({"1", "16", "64"})
        private int entries = 1;

        private RaftCore core;
        private List<Proposal> proposals;

        @Setup
        public void begin() {
            core = replica(LEADER);
            proposals = new LogEntries(1, 0).proposals(entries);
            while (core.role() != RoleName.LEADER
                    || core.commitIndex() < core.lastId().index()) {
                core.tick();
                carryOut();
            }
        }

        /** Until nothing is left to do; whatever the others are asked, they grant. */
        private void carryOut() {
            while (core.hasReady()) {
                Ready ready = core.ready();
                core.advance();
                for (Message message : ready.messagesNow()) {
                    answer(message);
                }
                for (Message message : ready.messagesAfterPersist()) {
                    answer(message);
                }
                List<Run> committed = ready.committed();
                if (!committed.isEmpty()) {
                    core.applied(committed.get(committed.size() - 1).lastIndex());
                }
            }
        }

        private void answer(Message message) {
            Message.Header asked = message.header();
            Message.Header header = new Message.Header(
                    GROUP, asked.to(), asked.from(), asked.term(), asked.incarnation());
            if (message instanceof Message.AppendEntries append) {
                List<Run> runs = append.entries();
                long match = runs.isEmpty()
                        ? append.previous().index()
                        : runs.get(runs.size() - 1).lastIndex();
                core.step(new Message.AppendAccepted(
                        header, match, append.round(), Moment.NONE, Fitness.UNKNOWN));
            } else if (message instanceof Message.PreVoteRequest request) {
                core.step(new Message.PreVoteReply(
                        header, request.campaignTerm(), Message.Vote.GRANTED));
            } else if (message instanceof Message.VoteRequest) {
                core.step(new Message.VoteReply(header, Message.Vote.GRANTED));
            } else {
                throw new AssertionError("unhandled " + message);
            }
        }
    }

    /** A follower, and what its leader sends it. */
    @State(Scope.Thread)
    public static class Following {
        @Param({"1", "16", "64"})
        private int entries = 1;

        private RaftCore core;
        private LogEntries log;
        private PreparingThread preparing;
        private List<Message> prepared;

        @Setup
        public void begin() {
            core = replica(FOLLOWER);
            log = new LogEntries(BIRTH.term(), BIRTH.index());
            preparing = new PreparingThread();
        }

        @Setup(Level.Invocation)
        public void prepare() {
            prepared = preparing.get(() -> {
                List<Message> messages = new ArrayList<>(BATCHES);
                for (int i = 0; i < BATCHES; i++) {
                    EntryId previous = log.last();
                    messages.add(new Message.AppendEntries(
                            new Message.Header(GROUP, LEADER, FOLLOWER, BIRTH.term(), 1),
                            previous,
                            List.of(log.next(GROUP, entries)),
                            previous.index(),
                            BIRTH.index(),
                            0,
                            Moment.NONE));
                }
                return messages;
            });
        }

        @TearDown
        public void end() {
            preparing.close();
        }
    }

    private static RaftCore replica(long nodeId) {
        List<Member> members = new ArrayList<>();
        for (long id = 1; id <= MEMBERS; id++) {
            members.add(new Member(
                    id,
                    Bytes.utf8("store-" + id),
                    "n" + id,
                    "n" + id + ":7401",
                    "n" + id + ":7400",
                    Member.Suffrage.VOTER,
                    new Member.FeatureRange(1, 1)));
        }
        Run birth = Run.encode(
                GROUP,
                List.of(new Entry(
                        BIRTH,
                        EntryKind.CONFIG,
                        Entry.Stamp.ZERO,
                        Entry.Origin.NONE,
                        Bytes.EMPTY)));
        RestoredReplica restored = new RestoredReplica(
                new HardState(BIRTH.term(), 0),
                EntryId.NONE,
                BIRTH,
                0,
                List.of(BIRTH),
                List.of(birth),
                BIRTH,
                new Configuration(members, MEMBERS));
        return new RaftCore(
                RaftOptions.DEFAULT,
                new Identity(GROUP, nodeId, 1),
                restored,
                new SplittableRandom(SEED));
    }

    /** Proposed, sent to two, persisted, accepted by both, committed, applied. */
    @Benchmark
    public long leaderCommitsBatch(Leading leading) {
        RaftCore core = leading.core;
        core.propose(leading.proposals);
        leading.carryOut();
        Check.that(core.appliedIndex() == core.lastId().index(), "not committed: %s", core);
        return core.appliedIndex();
    }

    /** Received, appended, persisted, accepted; the batch before is committed and applied. */
    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public long followerAppendsBatch(Following following) {
        RaftCore core = following.core;
        for (Message message : following.prepared) {
            core.step(message);
            Ready ready = core.ready();
            core.advance();
            Check.that(!ready.messagesAfterPersist().isEmpty(), "no answer: %s", core);
            core.applied(core.commitIndex());
        }
        Check.that(core.lastId().equals(following.log.last()), "not appended: %s", core);
        return core.lastId().index();
    }
}
