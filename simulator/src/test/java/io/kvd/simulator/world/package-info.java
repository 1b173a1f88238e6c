/** Stories of clusters, and the simulator's own parts. */
@NullMarked
package io.kvd.simulator.world;

import org.jspecify.annotations.NullMarked;
