package io.kvd.client;

import io.kvd.core.base.Bytes;

/**
 * A live key.
 *
 * @param value empty if only keys were asked for
 * @param createRevision of the store when the key was put for the first time since it was absent
 * @param modRevision of the store at the last put of the key: what compare-and-set compares
 * @param version 1 after the first put, one more after each
 */
public record KeyValue(
        Bytes key, Bytes value, long createRevision, long modRevision, long version) {}
