/** Builds every part, owns the threads, and closes all in order. */
@NullMarked
package io.kvd.server.runtime;

import org.jspecify.annotations.NullMarked;
