/** What a node counts and measures: the list of all metrics, how they are kept, and how they are written out. */
@NullMarked
package io.kvd.server.metrics;

import org.jspecify.annotations.NullMarked;
