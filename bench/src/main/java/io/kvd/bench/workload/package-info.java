/** What is asked of a store: which requests, of which keys, how many at a time. Nothing here knows a store. */
@NullMarked
package io.kvd.bench.workload;

import org.jspecify.annotations.NullMarked;
