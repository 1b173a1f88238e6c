/** The words every room uses: byte strings, checks, checksums. Depends on the JDK only. */
@NullMarked
package io.kvd.core.base;

import org.jspecify.annotations.NullMarked;
