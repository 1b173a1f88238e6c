/** Messages between processes and error codes, generated from the files in {@code src/main/protobuf}. */
package io.kvd.protocol;
