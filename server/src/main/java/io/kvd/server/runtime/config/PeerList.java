package io.kvd.server.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code n1=10.0.0.1:7400, n2=10.0.0.2:7400, …}: every member, this node too. Its value is sorted by name. */
final class PeerList implements ValueType<List<Peer>> {
    /** More voters make each write wait for more machines and tolerate failures that do not happen. */
    static final int MAX_MEMBERS = 21;

    @Override
    public String form() {
        return "list of name=host:port, 1 to " + MAX_MEMBERS;
    }

    @Override
    public Shape shape() {
        return Shape.LIST;
    }

    @Override
    public List<Peer> parse(String text) {
        TreeMap<String, HostPort> byName = new TreeMap<>();
        TreeMap<HostPort, String> byAddress = new TreeMap<>();
        for (String element : text.split(",", -1)) {
            add(element.strip(), byName, byAddress);
        }
        if (byName.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    byName.size() + " members are more than " + MAX_MEMBERS);
        }
        List<Peer> peers = new ArrayList<>();
        for (Map.Entry<String, HostPort> member : byName.entrySet()) {
            peers.add(new Peer(peers.size() + 1, member.getKey(), member.getValue()));
        }
        return List.copyOf(peers);
    }

    @Override
    public String print(List<Peer> peers) {
        return peers.stream().map(Peer::toString).collect(Collectors.joining(", "));
    }

    private static void add(
            String element, Map<String, HostPort> byName, Map<HostPort, String> byAddress) {
        int equals = element.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    element.isEmpty()
                            ? "a member is empty"
                            : "\"" + element + "\" is not name=host:port");
        }
        String name = element.substring(0, equals).strip();
        HostPort address;
        try {
            ValueTypes.checkedName(name);
            address = HostPort.parse(element.substring(equals + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + element + "\": " + e.getMessage(), e);
        }
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException(name + " is in it twice");
        }
        if (byAddress.containsKey(address)) {
            throw new IllegalArgumentException(
                    byAddress.get(address) + " and " + name + " are both at " + address);
        }
        byName.put(name, address);
        byAddress.put(address, name);
    }
}
