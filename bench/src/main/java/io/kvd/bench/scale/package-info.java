/** How a node behaves as its data grows: the time to serve after a crash, and the memory it takes. */
@NullMarked
package io.kvd.bench.scale;

import org.jspecify.annotations.NullMarked;
