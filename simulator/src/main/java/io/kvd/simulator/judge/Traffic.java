package io.kvd.simulator.judge;

import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Operation;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What clients did and were told, to see whether the workloads come where the promises are. Judges nothing. */
public final class Traffic implements Observer {
    private final Map<Code, Long> answers = new EnumMap<>(Code.class);
    private final TreeMap<String, Long> served = new TreeMap<>();
    /** By client: session writes under way. */
    private final TreeMap<String, Integer> underWay = new TreeMap<>();

    private long mostSessionWrites;

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        if (!request.hasPing() && !request.hasStatus()) {
            answers.merge(reply.getCode(), 1L, Long::sum);
        }
    }

    @Override
    public void invoked(ClientHost client, Operation operation) {
        if (isSessionWrite(operation)) {
            int now = underWay.merge(client.toString(), 1, Integer::sum);
            mostSessionWrites = Math.max(mostSessionWrites, now);
        }
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        if (isSessionWrite(operation)) {
            underWay.merge(client.toString(), -1, Integer::sum);
        }
        if (outcome instanceof Outcome.Ok<Answer>) {
            served.merge(kindOf(operation.body()), 1L, Long::sum);
        }
    }

    private static boolean isSessionWrite(Operation operation) {
        return operation.isWrite() && operation.mode() == WriteMode.SESSION;
    }

    private static String kindOf(Operation.Body body) {
        if (body instanceof Operation.Read read) {
            String demand = read.demand().consistency().name();
            String limit = read.part().limit() > 0 ? " with a limit" : "";
            return demand + " " + read.part().content() + limit;
        }
        return body.getClass().getSimpleName();
    }

    /** Adds another run's. */
    public void add(Traffic other) {
        other.answers.forEach((code, count) -> answers.merge(code, count, Long::sum));
        other.served.forEach((kind, count) -> served.merge(kind, count, Long::sum));
    }

    /** How many answers of nodes had which code. */
    public Map<Code, Long> answers() {
        return answers;
    }

    /** How many operations of which kind were served. */
    public Map<String, Long> served() {
        return served;
    }

    /** How many writes of one session were under way at once, at most. */
    public long mostSessionWrites() {
        return mostSessionWrites;
    }
}
