package io.kvd.server.runtime;

import io.kvd.server.udp.UdpReplica;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code kvd udp-replica}: one replica in memory, for a simulator that drives it over UDP. */
@Command(
        name = "udp-replica",
        description = {
            "Runs a replica that keeps everything in memory and speaks JSON over UDP with a simulator on this machine.",
            "It ends with its process and must not be started again under its id; see docs/scenarios.md."
        },
        footerHeading = "%nExamples:%n",
        footer = "  kvd udp-replica 9000 0000 0001 0002")
final class UdpReplicaCommand implements Callable<Integer> {
    static final String NAME = "udp-replica";
    private static final int MAX_PORT = 65_535;

    @Parameters(index = "0", paramLabel = "PORT", description = "The simulator's UDP port.")
    private int port = 0;

    @Parameters(index = "1", paramLabel = "ID", description = "This replica's: 4 hex digits.")
    private String id = "";

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "PEER",
            description = "The other replicas' ids.")
    private List<String> peers = new ArrayList<>();

    /** Whether that is the command, so that no other one need be loaded: many are started at once. */
    static boolean isAsked(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals(NAME);
    }

    @Override
    public Integer call() throws IOException {
        checkArguments();
        try (UdpReplica replica = new UdpReplica(port, id, peers, UdpReplica.processAgeNanos())) {
            replica.run();
        }
        return ExitCode.OK.number();
    }

    private void checkArguments() {
        if (port < 1 || port > MAX_PORT) {
            throw wrong("PORT " + port, "wanted: 1 to " + MAX_PORT);
        }
        List<String> seen = new ArrayList<>();
        List<String> all = new ArrayList<>(peers);
        all.add(0, id);
        for (String one : all) {
            String known = one.toUpperCase(Locale.ROOT);
            if (!one.matches("[0-9A-Fa-f]{4}") || known.equals("FFFF")) {
                throw wrong("id " + one, "an id is 4 hex digits, and FFFF is everyone");
            }
            if (seen.contains(known)) {
                throw wrong("id " + one, "it is there twice");
            }
            seen.add(known);
        }
    }

    private static CommandFailed wrong(String what, String why) {
        return new CommandFailed(ExitCode.USAGE, what, why, "kvd udp-replica 9000 0000 0001 0002");
    }
}
