/**
 * A whole cluster in one thread: the production loops and the client's step machine on hosts whose time, disk and
 * network obey a seed.
 */
@NullMarked
package io.kvd.simulator.world;

import org.jspecify.annotations.NullMarked;
