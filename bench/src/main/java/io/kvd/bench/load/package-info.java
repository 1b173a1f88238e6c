/** The load runner: warm-up and measured iterations, a closed loop of so many requests in flight. */
@NullMarked
package io.kvd.bench.load;

import org.jspecify.annotations.NullMarked;
