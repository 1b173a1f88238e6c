package io.kvd.server.runtime;

import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.BackgroundWork;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeLoop;
import io.kvd.core.node.ReadWork;
import io.kvd.core.node.Turn;
import io.kvd.core.node.Work;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.RequestTimes.Op;
import io.kvd.server.metrics.TimedReply;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The node's threads, and which work goes to which: the raft thread runs {@link NodeLoop}, the apply thread
 * {@link ApplyLoop}, the read, count and background threads what these hand out. Closed in the order in which work flows.
 */
final class LoopThreads implements AutoCloseable {
    /** How late it may be noticed that nobody waits for a read any more. */
    private static final long EXPIRY_NANOS = 50_000_000;

    private final Inbox<NodeInput> inbox;
    private final Inbox<HandedOver> applyInbox = new Inbox<>();
    private final Loops loops;
    private final Consumer<Work.End> ended;
    private final WorkerThreads readers;
    private final WorkerThreads counter;
    private final WorkerThreads background;
    private final LoopThread<HandedOver> applyThread;
    private final LoopThread<NodeInput> raftThread;
    private final Watchdog watchdog;

    /** When those are looked for next that nobody waits for any more. Raft thread. */
    private long nextExpiryNanos = System.nanoTime();

    /** Set once, by {@link #close}: counts are given up then, since a stop has its bound. */
    private volatile boolean closing;

    /** What runs on the threads. */
    record Loops(
            NodeLoop node,
            ApplyLoop apply,
            ReadWork reads,
            BackgroundWork background,
            Clients clients,
            LoopMeter meter) {}

    /** The connections that clients have. */
    interface Clients {
        /** Callable on any thread; never blocks. */
        void deliver(List<TimedReply> replies);

        /** Whether an answer would reach that connection. */
        boolean isOpen(long connectionId);
    }

    /** Work for the apply thread, and when the writes that wait for it passed which stage. */
    private record HandedOver(ApplyInput input, List<RequestTimes> times) {}

    /**
     * Starts them all.
     *
     * @param ended told on the raft thread when the node will do no more
     */
    LoopThreads(Inbox<NodeInput> inbox, Loops loops, Halt halt, Consumer<Work.End> ended) {
        this.inbox = inbox;
        this.loops = loops;
        this.ended = ended;
        this.readers = new WorkerThreads("read", readerCount(), halt);
        this.counter = new WorkerThreads("count", 1, halt);
        this.background = new WorkerThreads("background", 1, halt);
        this.applyThread = LoopThread.start("apply", this::apply, applyInbox, halt);
        carryOut(loops.node.start());
        this.raftThread = LoopThread.start("raft", this::turn, inbox, halt);
        this.watchdog = Watchdog.start(raftThread, halt);
    }

    @Override
    public void close() {
        closing = true;
        watchdog.close();
        raftThread.close();
        applyThread.close();
        readers.close();
        counter.close();
        loops.reads.expire(request -> true, this::refuse);
        background.close();
    }

    private long turn(List<NodeInput> inputs, long nowNanos) {
        loops.meter.stages().turnBegins(nowNanos);
        Turn turn = loops.node.runOnce(inputs, nowNanos);
        carryOut(turn);
        loops.meter.turned(loops.node, inputs, nowNanos);
        if (nowNanos - nextExpiryNanos >= 0) {
            nextExpiryNanos = nowNanos + EXPIRY_NANOS;
            loops.reads.expire(this::isOver, this::refuse);
        }
        return turn.moreWork() ? 0 : turn.nextWakeNanos() - nowNanos;
    }

    private long apply(List<HandedOver> handedOver, long nowNanos) {
        if (!handedOver.isEmpty()) {
            List<ApplyInput> inputs = new ArrayList<>(handedOver.size());
            List<RequestTimes> times = new ArrayList<>();
            for (HandedOver one : handedOver) {
                inputs.add(one.input());
                times.addAll(one.times());
            }
            ApplyLoop.Outcome outcome = loops.apply.runOnce(inputs);
            loops.meter.applied(inputs, outcome, nowNanos);
            outcome.toNode().forEach(inbox::add);
            loops.clients.deliver(applied(outcome.replies(), times));
        }
        return LoopThread.UNTIL_INPUT;
    }

    /** The replies come in the order of the writes. */
    private static List<TimedReply> applied(List<ClientReply> replies, List<RequestTimes> times) {
        long nowNanos = System.nanoTime();
        List<TimedReply> timed = new ArrayList<>(replies.size());
        RequestTimes same = RequestTimes.NONE;
        for (int i = 0; i < replies.size(); i++) {
            if (i == 0 || !times.get(i).equals(times.get(i - 1))) {
                same = times.get(i).done(nowNanos);
            }
            timed.add(new TimedReply(replies.get(i), same));
        }
        return timed;
    }

    private void carryOut(Turn turn) {
        for (Work work : turn.work()) {
            if (work instanceof Work.Apply apply) {
                applyInbox.add(handOver(apply.input()));
            } else if (work instanceof Work.Read read) {
                loops.reads.add(read.batch());
                serveReads();
            } else if (work instanceof Work.Count count) {
                loops.reads.add(count.batch());
                counter.execute(this::count);
            } else if (work instanceof Work.Background item) {
                background.execute(() -> run(item));
            } else if (work instanceof Work.Reply reply) {
                loops.clients.deliver(TimedReply.all(reply.replies(), RequestTimes.NONE));
            } else if (work instanceof Work.End end) {
                ended.accept(end);
            } else {
                throw new AssertionError("unhandled " + work);
            }
        }
    }

    private HandedOver handOver(ApplyInput input) {
        return new HandedOver(
                input,
                input instanceof ApplyInput.ApplyBatch batch
                        ? loops.meter.stages().committed(batch, System.nanoTime())
                        : List.of());
    }

    /** Calls a reader: reads came in, or there is room again for answers. Any thread. */
    void serveReads() {
        readers.execute(this::read);
    }

    private void read() {
        boolean more = true;
        while (more) {
            more = loops.reads.run(this::isOver, timed(Op.READ));
        }
    }

    private void count() {
        boolean more = true;
        while (more) {
            more = loops.reads.count(request -> closing || isOver(request), timed(Op.COUNT));
        }
    }

    /** Where answers to reads go that are begun now. */
    private Consumer<List<ClientReply>> timed(Op op) {
        long readyNanos = System.nanoTime();
        return replies -> loops.clients.deliver(
                TimedReply.all(replies, RequestTimes.read(op, readyNanos, System.nanoTime())));
    }

    private void refuse(List<ClientReply> replies) {
        loops.clients.deliver(TimedReply.all(replies, RequestTimes.NONE));
    }

    private void run(Work.Background item) {
        long beganNanos = System.nanoTime();
        loops.background.run(item).forEach(inbox::add);
        if (item instanceof Work.Load) {
            loops.meter.loaded(beganNanos);
        } else if (item instanceof Work.Flush) {
            loops.meter.flushed(beganNanos);
        }
    }

    private boolean isOver(ClientRequest request) {
        return request.deadlineNanos() - System.nanoTime() < 0
                || !loops.clients.isOpen(request.origin().connectionId());
    }

    // A read never waits for another one's disk where there are cores to serve both.
    private static int readerCount() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
