/** The stores that load is put on, each through one client of its kind. */
@NullMarked
package io.kvd.bench.target;

import org.jspecify.annotations.NullMarked;
