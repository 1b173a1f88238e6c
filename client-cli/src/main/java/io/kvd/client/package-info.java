/** The Java client library; start at {@link io.kvd.client.KvdClient}. */
@NullMarked
package io.kvd.client;

import org.jspecify.annotations.NullMarked;
