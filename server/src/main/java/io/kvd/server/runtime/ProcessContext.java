package io.kvd.server.runtime;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What the commands have of the process they run in; tests bring their own.
 *
 * @param environment the variables
 * @param signals where to ask for the signals that stop a process
 */
record ProcessContext(
        Map<String, String> environment, ServerFactory servers, Halt halt, StopSignals signals) {
    ProcessContext {
        environment = Map.copyOf(environment);
    }

    @FunctionalInterface
    interface StopSignals {
        /** From now on each SIGINT, SIGTERM and SIGHUP is handed over, by name, and does nothing else. */
        void handle(Consumer<String> handler);
    }
}
