/** What a seed stands for: knobs, faults and client programmes, drawn first and then carried out. */
@NullMarked
package io.kvd.simulator.plan;

import org.jspecify.annotations.NullMarked;
