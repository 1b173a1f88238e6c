/** Records to bytes and back, for the wire and for the log. */
@NullMarked
package io.kvd.core.codec;

import org.jspecify.annotations.NullMarked;
