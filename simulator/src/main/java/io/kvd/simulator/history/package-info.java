/** What clients did and saw, recorded in order, written to files and read back. */
@NullMarked
package io.kvd.simulator.history;

import org.jspecify.annotations.NullMarked;
