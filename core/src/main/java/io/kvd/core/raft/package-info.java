/**
 * The Raft algorithm as a pure state machine: what comes in are messages, ticks and proposals, what
 * goes out is {@link io.kvd.core.raft.Ready}. Reads no clock, no disk and no network; start at
 * {@code RaftCore}.
 */
@NullMarked
package io.kvd.core.raft;

import org.jspecify.annotations.NullMarked;
