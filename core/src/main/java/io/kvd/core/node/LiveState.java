package io.kvd.core.node;

import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateView;

import java.util.Optional;

/**
 * Which generation of a group's state is live. A snapshot's install replaces it; who reads the old one finishes
 * undisturbed. Changed by the apply thread, read by any.
 */
public final class LiveState {
    private volatile StateStore store;

    public LiveState(StateStore store) {
        this.store = store;
    }

    /** The live one as of now. It may be closed any time; only who also decides that may write or flush it. */
    public StateStore store() {
        return store;
    }

    /** A picture of what is live now, or became so a moment ago. The taker closes it. */
    public StateView view() {
        Optional<StateView> view = Optional.empty();
        while (view.isEmpty()) {
            StateStore current = store;
            view = current.viewIfOpen();
            if (view.isEmpty() && current == store) {
                // Nothing took its place: this is the end of the process, or a mistake.
                return current.view();
            }
        }
        return view.get();
    }

    /** From now on views are of the next generation. */
    void become(StateStore next) {
        store = next;
    }
}
