package io.kvd.core.client;

import io.kvd.protocol.Reply;
import io.kvd.protocol.Result;

/**
 * What a served call brought.
 *
 * @param result of a write, parsed from the reply; the default instance for everything else
 */
public record Answer(Reply reply, Result result) {}
