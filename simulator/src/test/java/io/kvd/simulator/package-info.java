/** Contract suites that the fakes and the real stores pass alike, and tests of the fakes. */
@NullMarked
package io.kvd.simulator;

import org.jspecify.annotations.NullMarked;
