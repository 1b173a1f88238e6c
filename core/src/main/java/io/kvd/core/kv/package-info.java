/** The replicated state machine: what a committed command does to the keyspace. */
@NullMarked
package io.kvd.core.kv;

import org.jspecify.annotations.NullMarked;
