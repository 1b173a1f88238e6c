package io.kvd.server.net;

/** Why a connection is closed or refused by us. One log line a kind and minute, whoever else does the same. */
enum Grievance {
    NOT_OUR_PROTOCOL("it does not speak this protocol"),
    HANDSHAKE_TOO_SLOW("it did not finish the handshake in time"),
    TOO_MANY_PENDING("too many connections that did not say who they are"),
    REFUSED("its handshake was refused"),
    FRAME_TOO_LARGE("it announced a frame over the limit"),
    FRAME_TOO_SLOW("the rest of a frame did not come in time"),
    DAMAGED("it sent a frame that can't be read"),
    IDLE("it was idle for longer than all others, and another client came"),
    READS_TOO_SLOWLY("it does not read what it is sent"),
    NOT_THE_PEER("it refuses this node, or is not the peer that was dialled"),
    NOT_THE_MEMBER(
            "it speaks in the name of a living member, with another data directory or an earlier life of it"),
    OUT_OF_MEMORY("there is no memory for what it sent"),
    OUR_FAULT("handling what it sent failed");

    private final String sentence;

    Grievance(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
