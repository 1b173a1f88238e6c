package io.kvd.simulator.linearizability;

import java.util.Set;

/**
 * Which revisions the answers of a partition tell.
 *
 * @param any whether they tell any; if not, states don't differ by revisions
 * @param owned those whose change is known: no other change can have them
 */
record ToldRevisions(boolean any, Set<Long> owned) {
    ToldRevisions {
        owned = Set.copyOf(owned);
    }
}
