/**
 * The two loops that drive the pure core through four doors: {@link io.kvd.core.node.LogStore},
 * {@link io.kvd.core.kv.StateStores}, {@link io.kvd.core.node.Transport}, {@link io.kvd.core.node.NodeEvents}. Each
 * loop is run by one thread in production and by a scheduler in the simulator; they exchange records only.
 */
@NullMarked
package io.kvd.core.node;

import org.jspecify.annotations.NullMarked;
