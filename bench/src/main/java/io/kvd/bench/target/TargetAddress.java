package io.kvd.bench.target;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where a target is.
 *
 * @param hosts host:port of one member or more
 */
public record TargetAddress(Kind kind, List<String> hosts) {
    private static final String SEPARATOR = "://";

    /** The stores that there is a client for. */
    public enum Kind {
        KVD,
        ETCD,
        REDIS;

        /** As on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether {@link Target#scan} works. */
        public boolean ordersKeys() {
            return this != REDIS;
        }

        /** @throws IllegalArgumentException there is no such kind */
        public static Kind named(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "unknown target '%s': one of %s".formatted(name, List.of(values()))));
        }
    }

    public TargetAddress {
        hosts = List.copyOf(hosts);
    }

    /**
     * Reads {@code kvd://host:port,host:port,etcd://host:port}: what has no scheme is a further member of the one
     * before.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static List<TargetAddress> parseAll(String text) {
        List<TargetAddress> targets = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int scheme = part.indexOf(SEPARATOR);
            if (scheme >= 0) {
                targets.add(new TargetAddress(Kind.named(part.substring(0, scheme)), List.of()));
            }
            if (targets.isEmpty()) {
                throw new IllegalArgumentException(
                        "'%s' is no target, as kvd://127.0.0.1:7400 is one".formatted(part));
            }
            String host = scheme >= 0 ? part.substring(scheme + SEPARATOR.length()) : part;
            if (!host.matches(".+:[0-9]{1,5}")) {
                throw new IllegalArgumentException(
                        "'%s' is not of the form host:port".formatted(host));
            }
            TargetAddress last = targets.remove(targets.size() - 1);
            targets.add(last.and(host));
        }
        return targets;
    }

    /**
     * A client, connected: the store has answered it.
     *
     * @throws IllegalStateException it did not
     */
    public Target open() {
        return switch (kind) {
            case KVD -> new KvdTarget(hosts);
            case ETCD -> new EtcdTarget(hosts);
            case REDIS -> new RedisTarget(hosts);
        };
    }

    @Override
    public String toString() {
        return kind + SEPARATOR + String.join(",", hosts);
    }

    private TargetAddress and(String host) {
        List<String> more = new ArrayList<>(hosts);
        more.add(host);
        return new TargetAddress(kind, more);
    }
}
