/** What can go wrong: the kinds, the schedule that a seed draws, and how often each came to pass. */
@NullMarked
package io.kvd.simulator.faults;

import org.jspecify.annotations.NullMarked;
