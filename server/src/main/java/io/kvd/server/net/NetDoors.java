package io.kvd.server.net;

import io.kvd.core.kv.CommandValidator;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.server.metrics.RequestMeter;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the network side needs of the rest of the server.
 *
 * @param inbox the way into the node's loop; callable on any thread, never blocks or throws
 * @param facts who this node is
 * @param validator refuses requests that must not reach the loop
 * @param events told on the raft thread of messages that {@link PeerTransport} dropped
 * @param requests told of answers when they leave
 * @param nanoTime the clock that the node's loop runs by: deadlines are on it
 * @param threads makes the event loops' threads
 * @param resolver runs look-ups of host names, which block for seconds when a name server is gone
 * @param answers told when a read's answer left: its bytes are free again
 * @param fatal told of a broken invariant or a dying JVM: halts the node
 */
public record NetDoors(
        Consumer<NodeInput> inbox,
        NodeFacts facts,
        CommandValidator validator,
        NodeEvents events,
        RequestMeter requests,
        LongSupplier nanoTime,
        ThreadFactory threads,
        Executor resolver,
        Answers answers,
        Consumer<Throwable> fatal) {

    /** Where the bytes of reads' answers are given back. Callable on any thread. */
    public interface Answers {
        /** The answer is with the kernel, or its connection is gone. */
        void left(long connectionId, long answerBytes);

        /** Whether reads wait for others' answers to leave. */
        boolean areAwaited();
    }
}
