package io.kvd.bench.torture;

import io.kvd.client.KeyValue;

import java.util.Optional;

/**
 * What one writer knows of one key that nobody else writes: it puts 1, 2, 3, … and notes each outcome. From that
 * follows what may be found. Owned by the writer's thread.
 */
final class KeyLedger {
    private final String key;
    /** The last value that was sent. */
    private long lastSent;
    /** The last value whose put was acknowledged. */
    private long lastAcknowledged;
    /** Puts that were acknowledged, and puts of which nobody knows. */
    private long acknowledged;

    private long unknown;

    KeyLedger(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    long acknowledgedCount() {
        return acknowledged;
    }

    long unknownCount() {
        return unknown;
    }

    long next() {
        return ++lastSent;
    }

    void acknowledged(long value) {
        acknowledged++;
        lastAcknowledged = value;
    }

    void unknown() {
        unknown++;
    }

    /** Empty if the key may be absent, else a sentence that says why not. */
    Optional<String> contradictionOfAbsence() {
        return acknowledged == 0
                ? Optional.empty()
                : Optional.of("%s: %d was acknowledged, the key is absent"
                        .formatted(key, lastAcknowledged));
    }

    /** Empty if what was found is possible, else a sentence that says why not. */
    Optional<String> contradictionOf(KeyValue found) {
        long value = Long.parseLong(found.value().toUtf8());
        long version = found.version();
        if (value < lastAcknowledged) {
            return Optional.of("%s: %d was acknowledged, found %d: an acknowledged write was lost"
                    .formatted(key, lastAcknowledged, value));
        }
        if (value > lastSent) {
            return Optional.of("%s: found %d, sent were up to %d".formatted(key, value, lastSent));
        }
        if (version < acknowledged || version > acknowledged + unknown) {
            return Optional.of(
                    "%s: put %d times (%d more unknown), but its version is %d: a write was lost or applied twice"
                            .formatted(key, acknowledged, unknown, version));
        }
        return Optional.empty();
    }
}
