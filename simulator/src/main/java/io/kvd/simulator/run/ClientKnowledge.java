package io.kvd.simulator.run;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.KeyValue;
import io.kvd.simulator.plan.Step;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.Operation.Content;
import io.kvd.simulator.world.Operation.Demand;
import io.kvd.simulator.world.Operation.Part;

import java.util.TreeMap;

/** What one client was told so far, and what its next steps therefore ask for. */
final class ClientKnowledge {
    /** So many at least: keys sort as their numbers do. */
    private static final int KEY_DIGITS = 3;

    private static final Bytes TO_THE_END = Bytes.of(new byte[] {0});
    /** As short as allowed, so that silent sessions expire within a run. */
    private static final long SHORT_TTL_MS = 1_000;

    /** What nobody opened. */
    private static final long NO_SESSION = Long.MAX_VALUE;

    private final String name;
    private final long client;
    /** Mod revision by key, as this client saw it last; 0 = absent. */
    private final TreeMap<Bytes, Long> seen = new TreeMap<>();
    /** By nonce: the session that was opened with it last. */
    private final TreeMap<Bytes, Long> sessions = new TreeMap<>();
    /** The highest revision of a store that any answer told. */
    private long revision;

    /** @param client a number that no other client has */
    ClientKnowledge(String name, long client) {
        this.name = name;
        this.client = client;
    }

    Operation.Body body(Step step, long number) {
        Bytes key = key(step.key());
        return switch (step.kind()) {
            case PUT -> new Operation.Put(key, value(step, number));
            case DELETE -> new Operation.Delete(key);
            case SWAP ->
                new Operation.CompareAndSet(key, value(step, number), seen.getOrDefault(key, 0L));
            case CREATE -> new Operation.CompareAndSet(key, value(step, number), 0);
            case SWAP_WRONG ->
                new Operation.CompareAndSet(key, value(step, number), Long.MAX_VALUE);
            case OPEN_SESSION -> new Operation.OpenSession(nonce(step), SHORT_TTL_MS);
            case CLOSE_SESSION -> new Operation.CloseSession(session(step));
            case KEEP_SESSION_ALIVE -> new Operation.KeepSessionAlive(session(step));
            default -> read(step, key);
        };
    }

    private Operation.Read read(Step step, Bytes key) {
        return new Operation.Read(key, end(step), part(step), demand(step));
    }

    private static Bytes end(Step step) {
        return switch (step.kind()) {
            case GET, BURST, STALE_GET, AT_LEAST_GET, AT_LEAST_NEVER, BOUNDED_GET -> Bytes.EMPTY;
            case COUNT_REST -> TO_THE_END;
            default -> key(step.key() + step.span());
        };
    }

    private static Part part(Step step) {
        return switch (step.kind()) {
            case PAGES -> new Part(step.amount(), Content.ROWS);
            case KEYS -> new Part(0, Content.KEYS);
            case COUNT, COUNT_REST, BOUNDED_COUNT -> new Part(0, Content.COUNT);
            default -> Part.ALL;
        };
    }

    private Demand demand(Step step) {
        return switch (step.kind()) {
            case STALE_GET, STALE_RANGE -> Demand.STALE;
            case AT_LEAST_GET, AT_LEAST_RANGE ->
                new Demand(Consistency.AT_LEAST, Math.max(0, revision + step.amount()));
            case AT_LEAST_NEVER -> new Demand(Consistency.AT_LEAST, Long.MIN_VALUE + revision);
            case BOUNDED_GET, BOUNDED_RANGE, BOUNDED_COUNT ->
                new Demand(Consistency.BOUNDED, step.amount());
            default -> Demand.LINEARIZABLE;
        };
    }

    private Bytes nonce(Step step) {
        return new BytesWriter(16).putLong(client).putLong(step.amount()).toBytes();
    }

    private long session(Step step) {
        return sessions.getOrDefault(nonce(step), NO_SESSION);
    }

    private static Bytes key(int number) {
        String digits = Integer.toString(number);
        return Bytes.utf8("k" + "0".repeat(Math.max(0, KEY_DIGITS - digits.length())) + digits);
    }

    // Never the same twice, so that a reader's history tells whose write it saw.
    private Bytes value(Step step, long number) {
        String own = name + "-" + number;
        return Bytes.utf8(own + "x".repeat(step.amount()));
    }

    void learn(Operation.Body body, Outcome.Ok<Answer> ok) {
        revision = Math.max(revision, ok.header().revision());
        Answer answer = ok.value();
        if (body instanceof Operation.Read read) {
            if (read.to().isEmpty()) {
                seen.put(read.from(), 0L);
            }
            for (KeyValue row : answer.reply().getRange().getKvsList()) {
                seen.put(Bytes.of(row.getKey().toByteArray()), row.getModRevision());
            }
        } else if (body instanceof Operation.Put put) {
            seen.put(put.key(), answer.result().getRevision());
        } else if (body instanceof Operation.CompareAndSet cas) {
            seen.put(cas.key(), answer.result().getCompareAndSet().getCurrentModRevision());
        } else if (body instanceof Operation.OpenSession open) {
            sessions.put(open.nonce(), answer.result().getOpenSession().getSessionId());
        }
    }
}
