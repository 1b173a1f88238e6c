/** Runs of seeds, and whether they can be repeated. */
@NullMarked
package io.kvd.simulator.run;

import org.jspecify.annotations.NullMarked;
