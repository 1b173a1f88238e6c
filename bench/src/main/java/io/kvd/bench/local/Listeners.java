package io.kvd.bench.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which processes of this machine listen on addresses of it. Linux only, and only those that /proc lets us see. */
final class Listeners {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Listeners() {}

    /**
     * The process ids; empty unless the process behind each address is known.
     *
     * @param addresses host:port
     */
    static List<Long> at(List<String> addresses) {
        List<Long> pids = addresses.stream()
                .filter(Listeners::isHere)
                .map(address ->
                        sockets(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))))
                .flatMap(sockets -> owners(sockets).stream())
                .distinct()
                .toList();
        return pids.size() == addresses.size() ? pids : List.of();
    }

    private static boolean isHere(String address) {
        try {
            return InetAddress.getByName(address.substring(0, address.lastIndexOf(':')))
                    .isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** As a process's open files name them. */
    private static Set<String> sockets(int port) {
        String suffix = ":%04X".formatted(port);
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(PROC.resolve("net").resolve(table)))
                .map(line -> line.strip().split(" +", -1))
                .filter(fields ->
                        fields[STATE].equals(LISTENING) && fields[LOCAL_ADDRESS].endsWith(suffix))
                .map(fields -> "socket:[" + fields[INODE] + "]")
                .collect(Collectors.toSet());
    }

    private static List<Long> owners(Set<String> sockets) {
        return list(PROC)
                .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                .filter(process -> list(process.resolve("fd"))
                        .map(Listeners::linkTarget)
                        .anyMatch(sockets::contains))
                .map(process -> Long.parseLong(process.getFileName().toString()))
                .toList();
    }

    // Processes and files come and go meanwhile, and some are not ours to see: then there is
    // nothing there.

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static String linkTarget(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
