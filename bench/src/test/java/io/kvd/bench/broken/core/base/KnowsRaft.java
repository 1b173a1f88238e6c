package io.kvd.bench.broken.core.base;

import io.kvd.bench.broken.core.raft.UsesConcurrency;

/** Breaks rule 1: the base is below every other room. */
public record KnowsRaft(UsesConcurrency raft) {}
