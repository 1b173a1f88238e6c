/** RocksDB behind the core's log and state doors. */
@NullMarked
package io.kvd.server.storage;

import org.jspecify.annotations.NullMarked;
