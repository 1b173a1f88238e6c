/**
 * A client's decisions as a pure step machine: whom to ask, when to retry, what an outcome means. Start reading at
 * {@link io.kvd.core.client.ClientCore}; the rules of outcomes are in {@link io.kvd.core.client.Judge}.
 */
@NullMarked
package io.kvd.core.client;

import org.jspecify.annotations.NullMarked;
