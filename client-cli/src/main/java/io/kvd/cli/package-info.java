/**
 * The command line program {@code kvctl}. Built to start fast: commands are described to picocli without annotations
 * or reflection, only the command at hand is described at all, and one thread does everything.
 */
@NullMarked
package io.kvd.cli;

import org.jspecify.annotations.NullMarked;
