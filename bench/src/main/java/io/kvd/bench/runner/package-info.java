/** The load runner: puts load on targets in turn and measures, with the commands that do so. */
@NullMarked
package io.kvd.bench.runner;

import org.jspecify.annotations.NullMarked;
