package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;

import java.util.BitSet;
import java.util.List;

/**
 * One partition, ready to be searched.
 *
 * @param required operations that must be placed, by call
 * @param optional operations that may be placed; those of one class, by call, are interchangeable
 * @param tracksRevisions whether any revision is told
 * @param appended keys with appends, whose values can't be known beforehand
 * @param plain keys that are only put and read
 * @param chained keys on which what an optional operation leaves may depend on what it finds
 * @param triesAlways whether an optional operation may have to be placed long before anything shows it
 */
record Problem(
        List<Bytes> keys,
        Values values,
        List<Piece> required,
        List<List<Piece>> optional,
        boolean tracksRevisions,
        BitSet appended,
        BitSet plain,
        BitSet chained,
        boolean triesAlways) {}
