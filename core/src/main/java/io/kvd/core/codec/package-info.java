/** Records to bytes and back: frames, peer messages, configurations. Knows the formats, decides nothing. */
@NullMarked
package io.kvd.core.codec;

import org.jspecify.annotations.NullMarked;
