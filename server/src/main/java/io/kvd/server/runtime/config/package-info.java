/**
 * Configuration: one table of keys ({@link io.kvd.server.runtime.config.ConfigKeys}), from which the file is read, the
 * environment matched, errors worded and the reference written; the result is an immutable
 * {@link io.kvd.server.runtime.config.ServerConfig}.
 */
@NullMarked
package io.kvd.server.runtime.config;

import org.jspecify.annotations.NullMarked;
