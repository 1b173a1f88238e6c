/** A replica in memory behind a UDP socket, for simulators that drive it from outside; see docs/scenarios.md. */
@NullMarked
package io.kvd.server.udp;

import org.jspecify.annotations.NullMarked;
