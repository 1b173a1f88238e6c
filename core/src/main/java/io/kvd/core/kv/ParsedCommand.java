package io.kvd.core.kv;

import io.kvd.protocol.Command;

/** A COMMAND entry's payload, parsed before: a leader hands along what it parsed when the client sent it. */
public record ParsedCommand(long index, Command command) {}
