/**
 * Replicas behind a protocol of JSON datagrams, and scenarios that judge them by the messages they need: drops,
 * partitions and kills under virtual time.
 */
@NullMarked
package io.kvd.simulator.scenario;

import org.jspecify.annotations.NullMarked;
