package io.kvd.simulator.judge;

import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.NodeInput;
import io.kvd.simulator.world.NodeProcess;

/** After every applied index, the revision and the numbers of sessions and kept answers are what the log means. */
final class StatesMeanTheLog extends Judge {
    private final Meaning meaning;

    StatesMeanTheLog(Meaning meaning) {
        super("states are what the log means", "docs/semantics.md §1, §3");
        this.meaning = meaning;
    }

    @Override
    public void applied(NodeProcess process, NodeInput.Applied applied) {
        long index = applied.applied().index();
        Meaning.After expected = meaning.after(index);
        check(
                applied.revision() == expected.revision()
                        && applied.sessions() == expected.sessions(),
                "%s is at revision %d with %d sessions after entry %d, which means %s",
                process,
                applied.revision(),
                applied.sessions(),
                index,
                expected);
        KvStateMachine machine = process.machine();
        Meaning.After now = meaning.after(machine.applied().index());
        check(
                machine.keptReplies() == now.keptReplies(),
                "%s keeps %d answers after entry %d, which means %s",
                process,
                machine.keptReplies(),
                machine.applied().index(),
                now);
    }
}
