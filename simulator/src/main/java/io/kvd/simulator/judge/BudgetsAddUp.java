package io.kvd.simulator.judge;

import io.kvd.core.raft.Account;
import io.kvd.simulator.world.NodeProcess;

/**
 * What a bound has booked is what is held under it, after every turn. A slot that is not given back is a slot less,
 * until none is left.
 */
final class BudgetsAddUp extends Judge {
    BudgetsAddUp() {
        super("what was taken is given back", "docs/semantics.md, limits");
    }

    @Override
    public void turned(NodeProcess process) {
        process.raft().ifPresent(raft -> {
            for (Account account : raft.accounts()) {
                check(
                        account.booked() == account.held(),
                        "%s has booked %d %s and holds %d",
                        process,
                        account.booked(),
                        account.what(),
                        account.held());
            }
        });
    }
}
