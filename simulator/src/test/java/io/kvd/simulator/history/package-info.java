/** Histories: recorded, written and read back. */
@NullMarked
package io.kvd.simulator.history;

import org.jspecify.annotations.NullMarked;
