/** A client's decisions as a pure step machine: whom to ask, when to retry, what an outcome means. */
@NullMarked
package io.kvd.core.client;

import org.jspecify.annotations.NullMarked;
