/**
 * The command line program {@code kvctl}. Built to start fast: one thread does everything, only the classes of
 * the command at hand are loaded, and picocli's only for help, mistakes and completion.
 */
@NullMarked
package io.kvd.cli;

import org.jspecify.annotations.NullMarked;
