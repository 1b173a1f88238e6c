/** Benchmarks and the load runner. */
@NullMarked
package io.kvd.bench;

import org.jspecify.annotations.NullMarked;
