package io.kvd.simulator.judge;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.world.NodeProcess;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a correct member sends, however late, often and out of order, breaks no rule at the receiver's door; and what
 * breaks one is refused there.
 */
final class OnlyLiesAreRefused extends Judge {
    /** All that were told in the run, as the log names them. */
    private final List<String> lies = new ArrayList<>();
    /** Told since the last turn of the node that they were told. */
    private final List<Lie> untaken = new ArrayList<>();

    private record Lie(NodeProcess told, Office office, String text) {}

    /** While it lasts, what was a lie is one. */
    private record Office(long term, RoleName role, long leaderId) {
        static Optional<Office> of(NodeProcess process) {
            return process.raft().map(Office::of);
        }

        private static Office of(RaftCore raft) {
            return new Office(raft.term(), raft.role(), raft.leaderId());
        }
    }

    OnlyLiesAreRefused() {
        super("what breaks a rule is refused, and nothing else", "docs/simulator.md, forgery");
    }

    @Override
    public void forged(NodeProcess told, Message message) {
        String text = String.valueOf(message);
        lies.add(text);
        Office.of(told).ifPresent(office -> untaken.add(new Lie(told, office, text)));
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.MessageRefused refused) {
            check(
                    lies.stream().anyMatch(lie -> lie.startsWith(refused.message())),
                    "%s refuses a message of node %d: it %s: %s",
                    process,
                    refused.fromNode(),
                    refused.rule(),
                    refused.message());
            untaken.removeIf(
                    lie -> lie.told() == process && lie.text().startsWith(refused.message()));
        }
    }

    @Override
    public void turned(NodeProcess process) {
        for (Lie lie : untaken) {
            if (lie.told() == process) {
                check(
                        !Office.of(process).equals(Optional.of(lie.office())),
                        "%s took %s",
                        process,
                        lie.text());
            }
        }
        untaken.removeIf(lie -> lie.told() == process);
    }
}
