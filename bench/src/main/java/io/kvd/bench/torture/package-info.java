/** Kills real server processes under load, and checks that nothing acknowledged is lost and nothing applied twice. */
@NullMarked
package io.kvd.bench.torture;

import org.jspecify.annotations.NullMarked;
