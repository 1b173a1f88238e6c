/** Flight recordings of running servers, and what they say of where the time goes. */
@NullMarked
package io.kvd.bench.profile;

import org.jspecify.annotations.NullMarked;
