/**
 * The replicated state machine: what each command does to the rows, sessions that make a retried write safe, and the
 * hash that tells two replicas apart. Pure but for the door {@link io.kvd.core.kv.StateStores}.
 */
@NullMarked
package io.kvd.core.kv;

import org.jspecify.annotations.NullMarked;
