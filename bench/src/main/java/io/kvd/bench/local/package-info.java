/** What a run makes on this machine and takes away again. */
@NullMarked
package io.kvd.bench.local;

import org.jspecify.annotations.NullMarked;
