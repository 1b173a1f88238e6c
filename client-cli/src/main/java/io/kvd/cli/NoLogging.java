package io.kvd.cli;

import java.io.IOException;
import java.util.logging.LogManager;

/**
 * Keeps the JDK's logging from being set up: kvctl logs nothing, but protobuf asks for a logger when it is loaded, and
 * the set-up with its file, its service search and its redirections takes longer than a request to a server.
 */
public final class NoLogging extends LogManager {

    /** Fails, which the JDK takes as: no configuration, and nobody to redirect to it. */
    @Override
    public void readConfiguration() throws IOException {
        throw new IOException("kvctl has no configuration of logs");
    }
}
