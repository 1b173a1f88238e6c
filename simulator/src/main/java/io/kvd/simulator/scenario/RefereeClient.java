package io.kvd.simulator.scenario;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One of the judge's clients: any number of requests outstanding. Asks the leader that it was last told of while that
 * lives, else any replica; a redirect or a refusal is asked again under a new MID. A get must return exactly the value
 * of the last put of the key that was acknowledged when the answer comes.
 */
final class RefereeClient {
    private static final double NEW_KEY = 0.5;
    private static final int MID_LENGTH = 16;
    private static final int KEY_LENGTH = 32;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private final String id;
    private final SplittableRandom random;
    private final ScenarioTally tally;
    /** Those that may be asked; the referee's. */
    private final SortedSet<String> living;
    /** Unanswered, by MID. */
    private final TreeMap<String, Asked> waiting = new TreeMap<>();
    /** What was put and acknowledged, by key. */
    private final TreeMap<String, String> items = new TreeMap<>();
    /** The keys of {@code items}. */
    private final List<String> keys = new ArrayList<>();

    private final TreeSet<String> completedMids = new TreeSet<>();
    private String leader = Datagram.UNKNOWN;

    private record Asked(String type, String key, String value, long atNanos) {}

    RefereeClient(
            String id, SortedSet<String> living, SplittableRandom random, ScenarioTally tally) {
        this.id = id;
        this.living = living;
        this.random = random;
        this.tally = tally;
    }

    void forgetLeader() {
        leader = Datagram.UNKNOWN;
    }

    boolean knowsNothing() {
        return items.isEmpty();
    }

    /** A get of a key that was acknowledged; without one a put, since nothing could be judged. */
    Optional<Datagram> get(long nowNanos) {
        if (items.isEmpty()) {
            tally.getNotGenerated();
            return put(nowNanos);
        }
        return ask(Datagram.GET, anyKey(), "", nowNanos);
    }

    /** Half of the puts are of new keys; the value is a digest of the one before, or of the key. */
    Optional<Datagram> put(long nowNanos) {
        boolean isNew = items.isEmpty() || random.nextDouble() > NEW_KEY;
        String key = isNew ? word(KEY_LENGTH) : anyKey();
        return ask(Datagram.PUT, key, md5(items.getOrDefault(key, key)), nowNanos);
    }

    private String anyKey() {
        return keys.get(random.nextInt(keys.size()));
    }

    private Optional<Datagram> ask(String type, String key, String value, long nowNanos) {
        String mid = word(MID_LENGTH);
        waiting.put(mid, new Asked(type, key, value, nowNanos));
        if (living.isEmpty()) {
            return Optional.empty();
        }
        if (!living.contains(leader)) {
            leader = Datagram.UNKNOWN;
        }
        String to = leader;
        if (leader.equals(Datagram.UNKNOWN)) {
            List<String> all = List.copyOf(living);
            to = all.get(random.nextInt(all.size()));
        }
        Map<String, String> fields = new TreeMap<>();
        fields.put(Datagram.MID, mid);
        fields.put(Datagram.KEY, key);
        if (type.equals(Datagram.PUT)) {
            fields.put(Datagram.VALUE, value);
        }
        return Optional.of(new Datagram(id, to, leader, type, fields));
    }

    /** Takes an answer; returns what it asks next, if it must ask again. */
    Optional<Datagram> receive(Datagram answer, long nowNanos) {
        String mid = answer.field(Datagram.MID);
        boolean isKnown = answer.type().equals(Datagram.OK)
                || answer.type().equals(Datagram.FAIL)
                || answer.type().equals(Datagram.REDIRECT);
        if (!isKnown) {
            tally.incorrect("a " + answer.type() + " was sent to client " + id);
            return Optional.empty();
        }
        if (completedMids.contains(mid)) {
            tally.duplicate();
            return Optional.empty();
        }
        Asked asked = waiting.remove(mid);
        if (asked == null) {
            tally.incorrect("client " + id + " did not ask what was answered: MID " + mid);
            return Optional.empty();
        }
        leader = answer.leader();
        tally.answered(nowNanos - asked.atNanos());
        if (answer.type().equals(Datagram.OK)) {
            completedMids.add(mid);
            complete(asked, answer);
            return Optional.empty();
        }
        if (answer.type().equals(Datagram.FAIL)) {
            tally.failed();
        }
        return ask(asked.type(), asked.key(), asked.value(), nowNanos);
    }

    private void complete(Asked asked, Datagram answer) {
        if (asked.type().equals(Datagram.PUT)) {
            if (items.put(asked.key(), asked.value()) == null) {
                keys.add(asked.key());
            }
            return;
        }
        String wanted = items.getOrDefault(asked.key(), "");
        String got = answer.field(Datagram.VALUE);
        if (!answer.fields().containsKey(Datagram.VALUE) || !got.equals(wanted)) {
            tally.incorrect("a get returned \"%s\" instead of \"%s\"".formatted(got, wanted));
        }
    }

    /** The run is over: what is not answered by now is not answered. */
    void end() {
        for (Asked asked : waiting.values()) {
            if (asked.type().equals(Datagram.PUT)) {
                tally.putUnanswered();
            } else {
                tally.getUnanswered();
            }
        }
    }

    private String word(int length) {
        StringBuilder word = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private static String md5(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has it", missing);
        }
    }
}
