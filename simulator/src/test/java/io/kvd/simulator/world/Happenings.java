package io.kvd.simulator.world;

import io.kvd.core.node.NodeEvents;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects what nodes report. */
final class Happenings implements Observer {
    private final List<Happening> all = new ArrayList<>();

    /** An event at a node. */
    record Happening(long nodeId, NodeEvents.Event event) {}

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        all.add(new Happening(process.host().id(), event));
    }

    /** All that happened so far, oldest first. */
    List<Happening> all() {
        return Collections.unmodifiableList(all);
    }

    /** Those of one type, oldest first. */
    <E extends NodeEvents.Event> List<E> of(Class<E> type) {
        return all.stream()
                .map(Happening::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
