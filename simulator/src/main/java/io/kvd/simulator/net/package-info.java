/** A network between hosts: latency, order, loss, cuts and clogs of what travels as bytes. */
@NullMarked
package io.kvd.simulator.net;

import org.jspecify.annotations.NullMarked;
