/** What the tests of several modules share. */
@NullMarked
package io.kvd.core.testing;

import org.jspecify.annotations.NullMarked;
