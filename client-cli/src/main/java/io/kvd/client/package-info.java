/** The Java client library. */
@NullMarked
package io.kvd.client;

import org.jspecify.annotations.NullMarked;
