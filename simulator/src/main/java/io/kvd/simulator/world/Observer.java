package io.kvd.simulator.world;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.ReadBatch;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Message;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

/**
 * Follows what happens in a world, at the moment at which it does; changes nothing. What finds something wrong throws
 * a {@link Violation}.
 */
public interface Observer {
    /** A process, which may be starting yet, is about to do something outside itself. */
    default void atDoor(Host host, Door door) {}

    /** A process runs: its stores are open, its incarnation is persisted. */
    default void started(NodeProcess process) {}

    /** A process is no more. */
    default void ended(NodeProcess process) {}

    /** A node does not run any more, or failed to start; {@link Host#life} says why. */
    default void wentDown(Host host) {}

    /** A member's data directory was deleted. */
    default void wiped(Host host) {}

    /** The batch is durable. The process may not know it: it may die, or be told of a failure, in this very call. */
    default void persisted(NodeProcess process, LogBatch batch) {}

    /** The process hands a message to its transport. */
    default void sending(NodeProcess process, Message message) {}

    /** A message was taken in by a running process. */
    default void received(NodeProcess process, Message message) {}

    /** A message that no member sent is about to be taken in by a running process. */
    default void forged(NodeProcess process, Message message) {}

    /** A client's request, parsed and validated, is for the node's loop. */
    default void taken(NodeProcess process, ClientRequest request) {}

    /** The node answers a request that it took. */
    default void replied(NodeProcess process, RequestOrigin to) {}

    /** The node's loop has reads served from the state as it is, or as it will be. */
    default void serving(NodeProcess process, ReadBatch batch) {}

    /** A turn of the node's loop is over. */
    default void turned(NodeProcess process) {}

    /** The node's loop handed entries to its apply loop. */
    default void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {}

    /** The apply loop executed entries; the process's machine is at the last one. */
    default void applied(NodeProcess process, NodeInput.Applied applied) {}

    default void happened(NodeProcess process, NodeEvents.Event event) {}

    /** A client asks a node: a request is on its way. */
    default void asked(ClientHost client, Request request) {}

    /** A node's answer reached the client that asked, which still waits for it. */
    default void answered(ClientHost client, Request request, Reply reply) {}

    /** A client began an operation. */
    default void invoked(ClientHost client, Operation operation) {}

    /** The operation is over, for its client. */
    default void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {}
}
