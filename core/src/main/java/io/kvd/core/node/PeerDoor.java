package io.kvd.core.node;

import io.kvd.core.codec.Hello;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The node's door for what peers say: who speaks, and what a message that breaks a rule costs its sender. Nothing that
 * a peer says stops this node: the message has no effect, the connection is closed, and the member is named in the log
 * and in the status. Owned by the raft thread.
 */
final class PeerDoor {
    /** A line for people: of a message that asks for many reads, its beginning. */
    private static final int MAX_SHOWN_CHARS = 300;

    private final long nodeId;
    private final NodeLoop.Doors doors;
    private final PeerMemory memory;
    /** By node id: members only, so there are few. */
    private final Map<Long, Refusals> refusals = new TreeMap<>();

    /**
     * What was refused of one member.
     *
     * @param lastRule the rule that the last one broke
     */
    private record Refusals(long count, String lastRule) {
        static final Refusals NONE = new Refusals(0, "");
    }

    PeerDoor(long nodeId, NodeLoop.Doors doors, PeerMemory memory) {
        this.memory = memory;
        this.nodeId = nodeId;
        this.doors = doors;
    }

    /** Which members broke rules since this process began, a sentence each. */
    List<String> alarms(RaftCore core) {
        List<String> alarms = new ArrayList<>();
        refusals.forEach((member, refused) ->
                alarms.add("PEER_REFUSED %s: a message of it %s (%d refused)"
                        .formatted(
                                core.configuration()
                                        .member(member)
                                        .map(Member::name)
                                        .orElse("?"),
                                refused.lastRule(),
                                refused.count())));
        return alarms;
    }

    /** Gives the core the messages of a member that may be heard. One that breaks a rule ends the batch: so does its connection. */
    void step(NodeInput.PeerMessages input, RaftCore core) {
        PeerIdentity from = input.from();
        for (Message message : input.messages()) {
            boolean isBetween = message.header().groupId() == Bootstrap.GROUP_ID
                    && message.to() == nodeId
                    && message.from() == from.nodeId();
            Optional<String> broken =
                    isBetween ? core.step(message) : Optional.of("is for another group or node");
            if (broken.isPresent()) {
                refuse(from, broken.get(), message);
                return;
            }
            memory.took(message, core);
        }
    }

    // A copy or a wiped directory could vote as if it remembered: only the member's own directory
    // is heard.
    boolean isKnown(PeerIdentity from, RaftCore core) {
        Optional<Member> sender = core.configuration().member(from.nodeId());
        boolean isKnown = from.nodeId() != nodeId
                && sender.isPresent()
                && sender.get().storeId().equals(from.storeId());
        boolean isOver = isKnown && memory.isOver(from);
        if (!isKnown || isOver) {
            doors.events()
                    .happened(new NodeEvents.MessageDropped(
                            from.nodeId(),
                            isOver
                                    ? "sender is of an earlier life than was seen of its directory, or of a copy"
                                    : "sender is not the member that the cluster knows"));
        }
        return isKnown && !isOver;
    }

    /** Whether it is known, and its directory the one that was seen before: not a copy that was started as often. */
    boolean isKnown(PeerIdentity from, Hello hello, RaftCore core) {
        if (!isKnown(from, core) || !Birth.isOf(from, hello)) {
            return false;
        }
        boolean isCopy = hello.lives().lack(memory.of(from.nodeId()).life());
        if (isCopy) {
            doors.events()
                    .happened(
                            new NodeEvents.MessageDropped(
                                    from.nodeId(),
                                    "sender is a copy of the directory that was seen in another life of that number"));
        }
        return !isCopy;
    }

    /** A member's message broke a rule. */
    void refuse(PeerIdentity from, String rule, Object message) {
        Refusals before = refusals.getOrDefault(from.nodeId(), Refusals.NONE);
        refusals.put(from.nodeId(), new Refusals(before.count() + 1, rule));
        String text = String.valueOf(message);
        String shown = text.substring(0, Math.min(text.length(), MAX_SHOWN_CHARS));
        doors.events().happened(new NodeEvents.MessageRefused(from.nodeId(), rule, shown));
        doors.transport().disconnect(from);
    }
}
