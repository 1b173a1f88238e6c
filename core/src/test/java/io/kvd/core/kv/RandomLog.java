package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Fills a log with entries of all kinds: clients that write, retry, forget, lie and go silent, leaders that come and
 * go, expiries on time and too late, bytes that are no command. Equal seeds make equal logs, if what it is told of
 * the answers is equal.
 */
final class RandomLog {
    private static final int KEYS = 30;
    private static final long TTL_MS = 2_000;

    private final TestLog log;
    private final RandomGenerator random;
    private final int window;
    private final List<Client> clients = new ArrayList<>();
    private int lastNonce;

    /** @param window how many unanswered writes a session may have */
    RandomLog(TestLog log, RandomGenerator random, int window) {
        this.log = log;
        this.random = random;
        this.window = window;
    }

    /** One more entry; {@code expirable} is what a leader would expire now. */
    void append(List<ExpiringSession> expirable) {
        log.advanceLogTime(
                random.nextInt(20) == 0 ? random.nextLong(TTL_MS / 2) : random.nextLong(10));
        int dice = random.nextInt(100);
        if (dice < 30) {
            log.append(randomCommand());
        } else if (dice < 75 && !clients.isEmpty()) {
            appendWrite(clients.get(random.nextInt(clients.size())));
        } else if (dice < 90) {
            appendAboutSessions();
        } else if (dice < 94) {
            log.append(expiry(expirable));
        } else {
            appendByLeader();
        }
    }

    /** Tells it the answer to the last entry: how it learns of sessions, as clients do. */
    void answered(Result result) {
        if (result.hasOpenSession()) {
            long id = result.getOpenSession().getSessionId();
            if (clients.stream().noneMatch(client -> client.sessionId == id)) {
                clients.add(new Client(id));
            }
        } else if (result.getCode() == Code.SESSION_EXPIRED && clients.size() > 3) {
            clients.remove(random.nextInt(clients.size()));
        }
    }

    private void appendWrite(Client client) {
        int dice = random.nextInt(100);
        if (dice < 55 || client.sent.isEmpty()) {
            client.lowest =
                    random.nextInt(3) == 0 ? client.next - random.nextInt(3) : client.lowest;
            client.lowest = Math.max(1, Math.max(client.lowest, client.next - window + 1));
            send(client, client.next++, Bytes.of(randomCommand().toByteArray()));
        } else if (dice < 85) {
            long sequence = someSequence(client);
            send(client, sequence, client.sent.getOrDefault(sequence, Bytes.EMPTY));
        } else if (dice < 90) {
            send(client, someSequence(client), Bytes.of(randomCommand().toByteArray()));
        } else if (dice < 95) {
            // Out of order: a later one first.
            send(client, client.next + 1, Bytes.of(randomCommand().toByteArray()));
            send(client, client.next, Bytes.of(randomCommand().toByteArray()));
            client.next += 2;
        } else {
            log.append(
                    randomCommand(),
                    TestLog.write(client.sessionId, client.lowest + window, client.lowest));
        }
    }

    private long someSequence(Client client) {
        return client.sent.firstKey() + random.nextLong(client.next - client.sent.firstKey());
    }

    private void send(Client client, long sequence, Bytes payload) {
        client.sent.put(sequence, payload);
        if (client.sent.size() > 2 * window) {
            client.sent.pollFirstEntry();
        }
        log.append(
                EntryKind.COMMAND,
                TestLog.write(client.sessionId, sequence, Math.min(client.lowest, sequence)),
                payload);
    }

    private void appendAboutSessions() {
        int dice = random.nextInt(10);
        long session =
                clients.isEmpty() ? 1 : clients.get(random.nextInt(clients.size())).sessionId;
        if (dice < 3) {
            log.append(TestLog.openSession(++lastNonce, TTL_MS + random.nextInt(3)));
        } else if (dice < 5) {
            log.append(TestLog.openSession(1 + random.nextInt(lastNonce + 1), TTL_MS));
        } else if (dice < 6) {
            log.append(TestLog.openSession(++lastNonce, random.nextLong()));
        } else if (dice < 7) {
            log.append(TestLog.closeSession(session + random.nextInt(2)));
        } else if (dice < 9) {
            log.append(TestLog.keepAlive(session + random.nextInt(2)));
        } else {
            log.append(TestLog.keepAlive(session), TestLog.write(session, 1));
        }
    }

    private Command expiry(List<ExpiringSession> expirable) {
        List<ExpiringSession> named = new ArrayList<>(expirable);
        if (!clients.isEmpty()) {
            named.add(ExpiringSession.newBuilder()
                    .setSessionId(clients.get(random.nextInt(clients.size())).sessionId)
                    .setLastActiveLogTimeMs(random.nextLong(log.logTimeMs() + 1))
                    .build());
        }
        return TestLog.expire(log.term() - (random.nextInt(4) == 0 ? 1 : 0), named);
    }

    private void appendByLeader() {
        switch (random.nextInt(4)) {
            case 0 -> {
                log.nextTerm();
                log.append(EntryKind.NOOP, Entry.Origin.NONE, Bytes.EMPTY);
            }
            case 1 ->
                log.append(
                        EntryKind.CONFIG, Entry.Origin.NONE, randomBytes(1 + random.nextInt(50)));
            case 2 ->
                log.append(
                        EntryKind.FEATURE,
                        Entry.Origin.NONE,
                        new BytesWriter(Integer.BYTES)
                                .putInt(FeatureLevel.FIRST)
                                .toBytes()
                                .slice(0, Integer.BYTES));
            default ->
                log.append(EntryKind.COMMAND, Entry.Origin.NONE, randomBytes(random.nextInt(20)));
        }
    }

    private Command randomCommand() {
        String key = "key" + random.nextInt(KEYS);
        int size = random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(40);
        String value = "v".repeat(size / 2) + random.nextLong();
        int dice = random.nextInt(10);
        if (dice < 5) {
            return TestLog.put(key, value);
        } else if (dice < 7) {
            return TestLog.delete(key);
        } else if (dice < 9) {
            return TestLog.compareAndSet(key, value, 0);
        }
        return TestLog.compareAndSet(key, value, random.nextLong(log.lastIndex() + 1));
    }

    private Bytes randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    /** What a client knows of its session. */
    private static final class Client {
        private final long sessionId;
        private final TreeMap<Long, Bytes> sent = new TreeMap<>();
        private long next = 1;
        private long lowest = 1;

        Client(long sessionId) {
            this.sessionId = sessionId;
        }
    }
}
