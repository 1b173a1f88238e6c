package io.kvd.core.node;

import io.kvd.core.kv.StateStore;

/** A generation of a group's state that another took the place of. */
public record RetiredState(long generation, StateStore store) {}
