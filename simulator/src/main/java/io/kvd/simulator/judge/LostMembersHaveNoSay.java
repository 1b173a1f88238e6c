package io.kvd.simulator.judge;

import io.kvd.core.raft.Message;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;

/** A member whose directory was wiped neither votes nor acknowledges again. */
final class LostMembersHaveNoSay extends Judge {
    private final Ledger ledger;

    LostMembersHaveNoSay(Ledger ledger) {
        super("a wiped member has no say", "Raft Figure 2, persistent state");
        this.ledger = ledger;
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        check(
                !ledger.disk(process.host().id()).isWiped(),
                "%s was wiped and sends %s",
                process,
                message);
    }

    @Override
    public void wentDown(Host host) {
        check(
                host.life() != Host.Life.REFUSED || host.isStranger(),
                "%s was refused, and has its data",
                host);
    }
}
