package io.kvd.core.kv;

import io.kvd.core.raft.EntryId;
import io.kvd.protocol.Command;

/**
 * A COMMAND entry's payload, parsed before: a leader hands along what it parsed when the client sent it. Named by the
 * whole id, since another leader's entry may have taken the index since (Raft §5.3).
 */
public record ParsedCommand(EntryId id, Command command) {}
