/** Known bugs, planted one by one into copies of the sources, to see that the simulator finds every one of them. */
@NullMarked
package io.kvd.simulator.mutant;

import org.jspecify.annotations.NullMarked;
