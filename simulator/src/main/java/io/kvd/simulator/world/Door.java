package io.kvd.simulator.world;

import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;

/**
 * The ways in which a process has an effect outside itself, log writes by what they hold. A process can die at each of
 * them; a read changes nothing, so to die at it is to die after the effect before it.
 */
public enum Door {
    /** The incarnation of this life. */
    LOG_IDENTITY("log write: identity"),
    /** The node belongs to a cluster from now on. */
    LOG_BIRTH("log write: birth"),
    /** A new log start, with entries or without. */
    LOG_CUT("log write: cut"),
    /** A conflicting tail goes, others take its place. */
    LOG_TRUNCATION("log write: truncation"),
    LOG_ENTRIES("log write: entries"),
    /** Term or vote alone. */
    LOG_HARD_STATE("log write: hard state"),
    /** What a stopped life left in the directory is deleted. */
    CLEAN_UP("clean-up"),
    /** A state directory is made, unless it is there. */
    STATE_OPEN("state open"),
    STATE_WRITE("state write"),
    STATE_FLUSH("state flush"),
    STATE_DELETE("state delete"),
    SNAPSHOT_MAKE("snapshot make"),
    SNAPSHOT_RECEIVE("snapshot receive"),
    SNAPSHOT_WRITE("snapshot write"),
    /** All of it is a state directory from now on. */
    SNAPSHOT_STAGE("snapshot stage"),
    /** What is on its way is deleted. */
    SNAPSHOT_RELEASE("snapshot release"),
    /** Messages of the protocol to the other members. */
    SEND("send"),
    /** A message of a birth. */
    HELLO("send: hello");

    private final String phrase;

    Door(String phrase) {
        this.phrase = phrase;
    }

    static Door of(LogBatch batch) {
        boolean cuts = false;
        boolean truncates = false;
        boolean appends = false;
        for (GroupWrite write : batch.groups()) {
            cuts |= !write.group().isEmpty();
            truncates |= write.truncateFrom() > 0;
            appends |= !write.runs().isEmpty();
        }
        if (!batch.node().isEmpty()) {
            return cuts ? LOG_BIRTH : LOG_IDENTITY;
        } else if (cuts) {
            return LOG_CUT;
        } else if (truncates) {
            return LOG_TRUNCATION;
        }
        return appends ? LOG_ENTRIES : LOG_HARD_STATE;
    }

    @Override
    public String toString() {
        return phrase;
    }
}
