/**
 * What must hold, one named class each. They follow a world's events and check what changed, so that none costs more
 * than the event that it judges.
 */
@NullMarked
package io.kvd.simulator.judge;

import org.jspecify.annotations.NullMarked;
