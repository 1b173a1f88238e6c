/** The client's sockets and threads; the only package of the library that has any. */
@NullMarked
package io.kvd.client.io;

import org.jspecify.annotations.NullMarked;
