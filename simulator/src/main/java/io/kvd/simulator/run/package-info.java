/** Runs: a plan carried out under the judges' eyes, many of them, and what came of them. */
@NullMarked
package io.kvd.simulator.run;

import org.jspecify.annotations.NullMarked;
