package io.kvd.bench.broken.core.node;

import java.nio.file.Path;

/** Breaks rule 2: the core sees no file. */
public record TouchesTheWorld(Path file) {}
