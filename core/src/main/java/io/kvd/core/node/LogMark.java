package io.kvd.core.node;

/**
 * A point of a log.
 *
 * @param index the entry at it
 * @param bytes how many bytes of entries lie between some fixed point before and it, itself included
 */
public record LogMark(long index, long bytes) {}
