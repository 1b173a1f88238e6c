/** The judge against a naive one, known histories and planted faults. */
@NullMarked
package io.kvd.simulator.linearizability;

import org.jspecify.annotations.NullMarked;
