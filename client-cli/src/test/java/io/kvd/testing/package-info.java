/** A scripted server for the tests of client and command line. */
@NullMarked
package io.kvd.testing;

import org.jspecify.annotations.NullMarked;
