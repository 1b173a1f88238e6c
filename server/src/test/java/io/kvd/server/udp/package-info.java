@NullMarked
package io.kvd.server.udp;

import org.jspecify.annotations.NullMarked;
