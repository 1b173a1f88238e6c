/** Tests of virtual time. */
@NullMarked
package io.kvd.simulator.engine;

import org.jspecify.annotations.NullMarked;
