package io.kvd.core.node;

import java.util.List;

/**
 * What one turn of {@link NodeLoop} asks for.
 *
 * @param nextWakeNanos call again by then, input or not; on the clock that was handed in
 * @param moreWork call again at once: this turn reached its bound
 */
public record Turn(long nextWakeNanos, boolean moreWork, List<Work> work) {
    public Turn {
        work = List.copyOf(work);
    }
}
