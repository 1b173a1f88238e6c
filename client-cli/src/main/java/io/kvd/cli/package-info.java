/** The command line program {@code kvctl}. */
@NullMarked
package io.kvd.cli;

import org.jspecify.annotations.NullMarked;
