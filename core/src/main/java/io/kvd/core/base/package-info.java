/** Words and checks that every other room of the core may use. */
@NullMarked
package io.kvd.core.base;

import org.jspecify.annotations.NullMarked;
