/** Virtual time: one queue of events, one seed, one trace. */
@NullMarked
package io.kvd.simulator.engine;

import org.jspecify.annotations.NullMarked;
