/** The two loops that drive Raft and the state machine through the doors to the world. */
@NullMarked
package io.kvd.core.node;

import org.jspecify.annotations.NullMarked;
