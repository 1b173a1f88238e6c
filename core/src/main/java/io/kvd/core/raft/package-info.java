/** The Raft algorithm as a pure state machine: messages and ticks in, a {@code Ready} out. */
@NullMarked
package io.kvd.core.raft;

import org.jspecify.annotations.NullMarked;
