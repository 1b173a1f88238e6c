package io.kvd.core.raft;

import java.util.List;

/**
 * Answer to a {@link LoadRequest}. The log may have changed meanwhile: the core validates every
 * entry's term.
 *
 * @param runs consecutive, the first begins at {@code request.fromIndex}; empty if it is no longer
 *     in the log
 */
public record LoadedEntries(LoadRequest request, List<Run> runs) {
    public LoadedEntries {
        runs = List.copyOf(runs);
    }
}
