package io.kvd.server.runtime;

import io.kvd.server.runtime.config.ServerConfig;

/** Starts servers. */
@FunctionalInterface
public interface ServerFactory {
    /**
     * Opens the data directory, recovers, and listens; on return clients and members can connect.
     *
     * @param halt for whatever happens to the server's threads afterwards
     * @throws CommandFailed if it can't listen, or anything else is refused
     * @throws io.kvd.core.base.StorageException if the data directory can't be used
     */
    RunningServer start(ServerConfig config, Halt halt);
}
