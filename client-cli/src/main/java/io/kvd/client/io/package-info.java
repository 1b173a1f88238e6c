/**
 * Drives {@link io.kvd.core.client.ClientCore} with JDK sockets: {@link io.kvd.client.io.ClientLoop} on the thread that
 * calls it, {@link io.kvd.client.io.IoThread} on a thread of its own. The only package here that may start threads.
 */
@NullMarked
package io.kvd.client.io;

import org.jspecify.annotations.NullMarked;
