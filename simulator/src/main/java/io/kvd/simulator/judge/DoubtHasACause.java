package io.kvd.simulator.judge;

import com.google.protobuf.ByteString;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A write is called unknown only if a server said so, or if some attempt of it was not answered although there was time
 * for an answer. Attempts that were refused for sure are no cause, nor is one that left in the last moment.
 */
final class DoubtHasACause extends Judge {
    private static final long MILLI = 1_000_000;

    /** Of an operation's time, an unanswered attempt must have had so much, but never more than the other bound. */
    private static final int ANSWER_PART = 16;

    private static final long MAX_ANSWER_NANOS = 125 * MILLI;

    private final World world;
    /** The attempts that were not refused for sure. Looked up only. */
    private final Map<Key, List<Attempt>> open = new HashMap<>();

    /** A client's values are all different, so the command names the operation; other writes are alike and left out. */
    private record Key(ClientHost client, ByteString command) {}

    /** @param isDoubted whether a server said that it does not know */
    private record Attempt(long requestId, long sentNanos, boolean isDoubted) {}

    DoubtHasACause(World world) {
        super("a definite refusal is never called unknown", "docs/semantics.md, Outcomes");
        this.world = world;
    }

    @Override
    public void asked(ClientHost client, Request request) {
        if (request.hasCommand()) {
            open.computeIfAbsent(new Key(client, request.getCommand()), k -> new ArrayList<>(1))
                    .add(new Attempt(request.getRequestId(), world.nowNanos(), false));
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        List<Attempt> attempts = request.hasCommand()
                ? open.getOrDefault(new Key(client, request.getCommand()), new ArrayList<>(0))
                : new ArrayList<>(0);
        for (int i = attempts.size() - 1; i >= 0; i--) {
            Attempt attempt = attempts.get(i);
            // Ids are of connections: the newest one is meant.
            if (attempt.requestId() == request.getRequestId() && !attempt.isDoubted()) {
                attempts.remove(i);
                if (reply.getMayHaveCommitted()) {
                    attempts.add(new Attempt(request.getRequestId(), attempt.sentNanos(), true));
                }
                return;
            }
        }
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        if (!operation.isWrite()) {
            return;
        }
        ByteString command = ClientHost.command(operation.body()).toByteString();
        List<Attempt> attempts = open.getOrDefault(new Key(client, command), List.of());
        boolean isNamed = operation.body() instanceof Operation.Put
                || operation.body() instanceof Operation.CompareAndSet;
        // A client whose process ends does not wait for answers.
        if (isNamed
                && outcome instanceof Outcome.Unknown<Answer> unknown
                && !unknown.message().startsWith(ClientHost.ENDED)) {
            boolean isLost = unknown.message().contains("lost the connection");
            long answerNanos =
                    Math.min(MAX_ANSWER_NANOS, operation.timeoutMs() * MILLI / ANSWER_PART);
            boolean hasCause = false;
            for (Attempt attempt : attempts) {
                hasCause |= isLost
                        || attempt.isDoubted()
                        || world.nowNanos() - attempt.sentNanos() >= answerNanos;
            }
            check(
                    hasCause || unknown.message().startsWith("the server's answer"),
                    "%s told %s unknown (%s) with the attempts %s open",
                    client,
                    operation,
                    unknown.message(),
                    attempts);
        }
        open.remove(new Key(client, command));
    }
}
