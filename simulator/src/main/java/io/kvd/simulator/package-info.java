/** A whole cluster in one thread, with time, disks and networks that obey a seed. */
@NullMarked
package io.kvd.simulator;

import org.jspecify.annotations.NullMarked;
