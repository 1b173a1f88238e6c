package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One client: any number of requests outstanding, all on keys of its own. Asks the leader that it was told of while
 * that lives, else any replica; asks again when it is sent on or refused, under a new MID.
 */
final class ScenarioClient {
    private static final double NEW_KEY = 0.5;
    private static final int WORD_LENGTH = 32;
    private static final String WORD_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private final String id;
    private final ScenarioWorld world;
    private final SplittableRandom random;
    private final ScenarioTally tally;
    private final TreeMap<String, KeyHistory> histories = new TreeMap<>();
    private final List<String> keys = new ArrayList<>();
    /** Unanswered, by MID. */
    private final TreeMap<String, Operation> waiting = new TreeMap<>();

    private final TreeSet<String> answeredMids = new TreeSet<>();
    private String leader = Datagram.UNKNOWN;
    private int lastMid;

    /** A get or put, however often it is sent. */
    private sealed interface Operation {
        String key();

        long begunNanos();
    }

    private record Get(String key, long begunNanos) implements Operation {}

    private record Put(String key, KeyHistory.Put put, String value, long begunNanos)
            implements Operation {}

    ScenarioClient(String id, ScenarioWorld world, SplittableRandom random, ScenarioTally tally) {
        this.id = id;
        this.world = world;
        this.random = random;
        this.tally = tally;
    }

    String id() {
        return id;
    }

    void put() {
        tally.putBegun();
        boolean isNew = keys.isEmpty() || random.nextDouble() < NEW_KEY;
        String key = isNew ? word() : keys.get(random.nextInt(keys.size()));
        if (isNew) {
            keys.add(key);
            histories.put(key, new KeyHistory());
        }
        String value = word();
        KeyHistory.Put put = history(key).begin(value, world.nowNanos());
        send(new Put(key, put, value, world.nowNanos()));
    }

    /** Whether it knows of a key that it put and saw acknowledged. */
    boolean canGet() {
        return !acknowledgedKeys().isEmpty();
    }

    private List<String> acknowledgedKeys() {
        return keys.stream().filter(key -> history(key).isAcknowledged()).toList();
    }

    void get() {
        List<String> known = acknowledgedKeys();
        tally.getBegun();
        send(new Get(known.get(random.nextInt(known.size())), world.nowNanos()));
    }

    private void send(Operation operation) {
        String mid = id + "-" + ++lastMid;
        waiting.put(mid, operation);
        String to = world.isAlive(leader) ? leader : world.anyReplica(random);
        Map<String, String> fields = new TreeMap<>();
        fields.put(Datagram.MID, mid);
        fields.put(Datagram.KEY, operation.key());
        String type = Datagram.GET;
        if (operation instanceof Put put) {
            fields.put(Datagram.VALUE, put.value());
            type = Datagram.PUT;
        }
        world.sendFromClient(new Datagram(id, to, Datagram.UNKNOWN, type, fields));
    }

    void receive(Datagram answer) {
        leader = answer.leader();
        String mid = answer.field(Datagram.MID);
        Operation operation = waiting.remove(mid);
        if (operation == null) {
            if (answeredMids.contains(mid)) {
                tally.duplicate();
            }
            return;
        }
        answeredMids.add(mid);
        if (answer.type().equals(Datagram.OK)) {
            complete(operation, answer.field(Datagram.VALUE));
        } else {
            if (answer.type().equals(Datagram.FAIL)) {
                tally.failed();
            }
            send(operation);
        }
    }

    private void complete(Operation operation, String value) {
        long now = world.nowNanos();
        tally.answered(now - operation.begunNanos());
        if (operation instanceof Put put) {
            history(put.key()).end(put.put(), now);
        } else if (!history(operation.key()).mayReturn(value, operation.begunNanos(), now)) {
            tally.incorrect();
        }
    }

    /** The run is over: what is not answered by now is not answered. */
    void end() {
        for (Operation operation : waiting.values()) {
            if (operation instanceof Put) {
                tally.putUnanswered();
            } else {
                tally.getUnanswered();
            }
        }
    }

    private KeyHistory history(String key) {
        return histories.computeIfAbsent(key, missing -> new KeyHistory());
    }

    private String word() {
        StringBuilder word = new StringBuilder(WORD_LENGTH);
        for (int i = 0; i < WORD_LENGTH; i++) {
            word.append(WORD_LETTERS.charAt(random.nextInt(WORD_LETTERS.length())));
        }
        return word.toString();
    }
}
