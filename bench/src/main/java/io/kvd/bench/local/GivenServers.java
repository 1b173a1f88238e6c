package io.kvd.bench.local;

import io.kvd.bench.target.TargetAddress;

import java.util.List;

/** Servers that somebody else runs: they are asked, never started or stopped. */
public record GivenServers(String name, TargetAddress address) implements Servers {

    @Override
    public Description description() {
        return new Description(name, "", address.hosts().size(), address.toString());
    }

    @Override
    public void startAnew() {}

    @Override
    public void restart() {}

    @Override
    public void stop() {}

    @Override
    public String output() {
        return "";
    }

    @Override
    public List<Long> pids() {
        return Listeners.at(address.hosts());
    }
}
