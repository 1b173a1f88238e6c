package io.kvd.simulator.judge;

import io.kvd.core.kv.StateAudit;
import io.kvd.core.kv.StateView;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.World;

/**
 * When all is over, every member that is well has all that was acknowledged: its rows can be read, sum up to the state
 * hash, and are those that the log means, at a revision that no acknowledgement is above.
 */
final class NothingIsLost extends Judge {
    private final Meaning meaning;
    private long acknowledgedRevision;

    NothingIsLost(Meaning meaning) {
        super("what was acknowledged is there in the end", "Raft §8");
        this.meaning = meaning;
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        if (request.hasCommand() && reply.getCode() == Code.OK) {
            acknowledgedRevision =
                    Math.max(acknowledgedRevision, resultOf(reply).getRevision());
        }
    }

    @Override
    public void atTheEnd(World world) {
        for (Host host : world.hosts()) {
            if (!host.isLost() && host.process().isPresent()) {
                judge(host.process().get());
            }
        }
    }

    private void judge(NodeProcess process) {
        try (StateView view = process.state().view()) {
            StateAudit audit = StateAudit.of(view);
            long rows = 0;
            for (var row : meaning.model().rows()) {
                rows += row.getModRevision() > 0 ? 1 : 0;
            }
            check(
                    audit.revision() >= acknowledgedRevision && audit.keys() == rows,
                    "%s has %d keys at revision %d; %d was acknowledged, and the log means %d keys",
                    process,
                    audit.keys(),
                    audit.revision(),
                    acknowledgedRevision,
                    rows);
            check(
                    audit.stateHash().equals(process.machine().stateHash()),
                    "%s has rows with hash %s, and believes in %s",
                    process,
                    audit.stateHash(),
                    process.machine().stateHash());
        }
    }
}
