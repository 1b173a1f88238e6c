package io.kvd.bench.broken.server.admin;

import io.kvd.bench.broken.server.runtime.NamelessThreads;

/** Breaks rule 4: the runtime builds the others, and none of them knows it. */
public record DependsOnRuntime(NamelessThreads runtime) {}
