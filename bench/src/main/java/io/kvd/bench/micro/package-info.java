/** Micro-benchmarks, run by JMH, and the prototypes that they compare. */
@NullMarked
package io.kvd.bench.micro;

import org.jspecify.annotations.NullMarked;
