/** The HTTP port for operators: health, metrics, administration. */
@NullMarked
package io.kvd.server.admin;

import org.jspecify.annotations.NullMarked;
