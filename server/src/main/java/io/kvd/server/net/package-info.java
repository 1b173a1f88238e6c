/** Netty behind the core's transport door, for clients and for peers. */
@NullMarked
package io.kvd.server.net;

import org.jspecify.annotations.NullMarked;
