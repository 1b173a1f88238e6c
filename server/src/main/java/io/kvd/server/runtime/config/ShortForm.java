package io.kvd.server.runtime.config;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cluster without a file: {@code kvd start --listen :8080 --backend :8081,:8082}. The members are the sorted
 * addresses; from their ranks come names and node ids, from all of them the name of the cluster, so that the same
 * three command lines mean the same cluster at every start.
 *
 * @param defaults what file and environment may change
 * @param settings what they may not
 */
record ShortForm(List<Setting> defaults, List<Setting> settings) {
    static final ShortForm NONE = new ShortForm(List.of(), List.of());

    static final String LISTEN = "--listen";
    private static final String BACKEND = "--backend";

    /**
     * @param listen this node's address
     * @param backends the other members'; none for a single node
     */
    static ShortForm of(String listen, List<String> backends) {
        HostPort own = parse(LISTEN, listen);
        TreeSet<HostPort> members = new TreeSet<>(List.of(own));
        for (String backend : backends) {
            HostPort other = parse(BACKEND, backend);
            if (!members.add(other)) {
                throw new ConfigRefused(
                        BACKEND + ": " + other + " is named twice",
                        LISTEN + " is this node's address, " + BACKEND + " the others', each once",
                        "leave it out");
            }
        }
        String origin = backends.isEmpty() ? LISTEN : LISTEN + ", " + BACKEND;
        return new ShortForm(
                List.of(
                        setting(ConfigKeys.NODE_DATA_DIR, "./data/" + own.port(), origin),
                        // Members of a short form often have neighbouring ports.
                        setting(ConfigKeys.LISTEN_ADMIN, "none", origin)),
                List.of(
                        setting(ConfigKeys.NODE_NAME, name(own, members), origin),
                        setting(ConfigKeys.LISTEN_ADDRESS, own.toString(), origin),
                        setting(ConfigKeys.CLUSTER_NAME, clusterName(members), origin),
                        setting(ConfigKeys.CLUSTER_PEERS, peers(members), origin)));
    }

    private static Setting setting(ConfigKey<?> key, String text, String origin) {
        return new Setting(key.path(), text, origin);
    }

    private static String peers(TreeSet<HostPort> members) {
        return members.stream()
                .map(member -> name(member, members) + "=" + member)
                .collect(Collectors.joining(", "));
    }

    /** As many digits as the last one needs, so that names sort as addresses do. */
    private static String name(HostPort member, TreeSet<HostPort> members) {
        int rank = new ArrayList<>(members).indexOf(member) + 1;
        int digits = String.valueOf(members.size()).length();
        return "n" + ("%0" + digits + "d").formatted(rank);
    }

    private static String clusterName(TreeSet<HostPort> members) {
        return "kvd-%08x"
                .formatted(new Crc32c().update(Bytes.utf8(peers(members))).value());
    }

    private static HostPort parse(String option, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigRefused(
                    option + " " + text + ": " + e.getMessage(),
                    "wanted: " + HostPort.FORM,
                    option + " :7400");
        }
    }
}
