/** The judge: whether a history could have come from one copy of the store that does one operation after another. */
@NullMarked
package io.kvd.simulator.linearizability;

import org.jspecify.annotations.NullMarked;
