package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the judges of reads share: the highest revision that clients were told is the store's, and when, by the clock of
 * each host. Told of everything before they are; judges nothing itself.
 */
final class Told implements Observer {
    private final World world;
    /** By host, by its own clock: the revision from then on. */
    private final List<TreeMap<Long, Long>> byHost = new ArrayList<>();

    private long revision;

    Told(World world) {
        this.world = world;
        world.hosts().forEach(host -> byHost.add(new TreeMap<>()));
    }

    /** The highest one until now. */
    long revision() {
        return revision;
    }

    /** The highest one until the host's own clock came to that. */
    long revisionAt(Host host, long ownNanos) {
        var told = byHost.get(host.number()).floorEntry(ownNanos);
        return told == null ? 0 : told.getValue();
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        if (reply.getCode() != Code.OK) {
            return;
        }
        if (request.hasCommand()) {
            tell(Judge.resultIn(reply).getRevision());
        } else if (request.hasRange() && isLinearizable(request.getRange())) {
            tell(reply.getRange().getRevision());
        }
    }

    static boolean isLinearizable(RangeRequest range) {
        return range.getConsistency() == Consistency.LINEARIZABLE;
    }

    private void tell(long told) {
        if (told > revision) {
            revision = told;
            world.hosts().forEach(host -> byHost.get(host.number()).put(host.ownNanos(), told));
        }
    }
}
