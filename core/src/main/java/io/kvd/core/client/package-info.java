/** The client's decisions, as a pure step machine: which member to ask, when again, what the outcome is. */
@NullMarked
package io.kvd.core.client;

import org.jspecify.annotations.NullMarked;
