@NullMarked
package io.kvd.simulator.scenario;

import org.jspecify.annotations.NullMarked;
