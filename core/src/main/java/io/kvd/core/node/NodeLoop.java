package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Identity;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.Ready;
import io.kvd.core.raft.RestoredReplica;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One node: the order of a turn. Messages and answers first, then what clients brought, then ticks, so that a slow
 * disk or a pause starts no election; then, while the core has something ready: send, persist, send, hand over. What
 * a message or a request means is in {@link Replica}, {@link ClientGate} and {@link Birth}.
 *
 * <p>Owned by the raft thread. Its only disk access is {@link LogStore#write}, one synced batch a round.
 */
public final class NodeLoop {
    /** Rounds of Ready a turn: a cluster of one proposes, persists, commits and hands over in one turn. */
    private static final int MAX_ROUNDS = 4;

    private final NodeOptions options;
    private final Doors doors;
    private final RandomGenerator random;
    private final OpenedState state;
    private final Birth birth;
    private final MemberAddresses addresses;
    private final ClientGate gate;
    private final GracefulStop stop;
    private final Periodic periodic;
    private final Health health;
    private final StatusReport status;
    private final TickClock clock;
    private final PeerDoor peers;
    private final PeerMemory memory;
    private final List<Found> found = new ArrayList<>();

    /** Changed once, at birth. */
    private NodeRecord record;
    /** Empty while unborn. One group exists for now. */
    private Optional<Replica> replica = Optional.empty();

    /** A replica as the disk has it. */
    private record Found(RestoredReplica replica, long generation, List<LogMark> marks) {}

    /** The world as the loop sees it. */
    public record Doors(
            LogStore log, Transport transport, NodeEvents events, WallClock wallClock) {}

    /** Milliseconds since 1970, informational: nothing depends on what it says. */
    public interface WallClock {
        long nowMs();
    }

    /**
     * @param program name and version, for {@code status}
     * @param nowNanos on the clock that {@link #runOnce} will be given
     * @throws io.kvd.core.base.StorageException if log and state don't fit each other
     */
    public NodeLoop(
            InitialCluster cluster,
            NodeStart start,
            OpenedState state,
            NodeOptions options,
            Doors doors,
            RandomGenerator random,
            String program,
            long nowNanos) {
        this.options = options;
        this.doors = doors;
        this.random = random;
        this.state = state;
        this.record = start.record();
        this.addresses = new MemberAddresses(cluster);
        this.birth = new Birth(cluster, record, addresses);
        this.memory = new PeerMemory(options, record.peers());
        this.peers = new PeerDoor(record.nodeId(), doors, memory);
        this.gate = new ClientGate();
        this.stop = new GracefulStop(options);
        this.periodic = new Periodic(options);
        this.health = new Health(options.raft().electionTicks());
        this.status = new StatusReport(
                cluster, doors, addresses, state.live(), options, program, nowNanos);
        this.clock = new TickClock(
                options.raft().tickMs() * 1_000_000L, options.raft().electionTicks(), nowNanos);
        start.checkUnborn(state);
        for (RestoredLog.RestoredGroup group : start.groups()) {
            found.add(new Found(
                    start.replica(group, state), group.group().stateGeneration(), group.marks()));
        }
    }

    /** The first turn. Called once, after {@link NodeStart#persist}. */
    public Turn start() {
        found.forEach(this::begin);
        TurnOutput out = new TurnOutput();
        carryOut(birth.start(), out);
        return new Turn(clock.nextTickNanos(), true, out.toWork());
    }

    /** One turn: takes in the whole inbox, and returns what is to be done elsewhere. */
    public Turn runOnce(List<NodeInput> inbox, long nowNanos) {
        TurnOutput out = new TurnOutput();
        replica.ifPresent(r -> r.core().clock(nowNanos));
        for (NodeInput input : inbox) {
            take(input, nowNanos, out);
        }
        if (replica.isPresent()) {
            replica.get().submitArrived(doors.wallClock().nowMs(), out);
        }
        tick(clock.advanceTo(nowNanos), nowNanos, out);
        boolean more = false;
        if (replica.isPresent()) {
            stop.step(replica.get(), out);
            more = carryOutReady(replica.get(), out);
        } else {
            stop.stepUnborn(out);
        }
        return new Turn(clock.nextTickNanos(), more, out.toWork());
    }

    /** This node's replica of the protocol, for who checks it between turns; empty while unborn. */
    public Optional<RaftCore> raft() {
        return replica.map(Replica::core);
    }

    /** The highest incarnation that was seen of that member's directory, for who checks it between turns. */
    public long remembers(long nodeId) {
        return memory.of(nodeId).life().incarnation();
    }

    /** Whether messages of that life of a member are taken in, for who checks it between turns. */
    public boolean hears(PeerIdentity peer) {
        return memory.hasTold(peer) || (record.incarnation() == 1 && !memory.mustProve(peer));
    }

    private void take(NodeInput input, long nowNanos, TurnOutput out) {
        if (input instanceof NodeInput.PeerMessages messages) {
            step(messages, out);
        } else if (input instanceof NodeInput.ClientRequests requests) {
            requests.requests().forEach(request -> admit(request, nowNanos, out));
        } else if (input instanceof NodeInput.Applied applied) {
            replica.ifPresent(r -> {
                r.applied(applied, out);
                r.trim(out);
            });
        } else if (input instanceof NodeInput.StateSwitched switched) {
            replica.ifPresent(r -> r.switched(switched, out));
        } else if (input instanceof NodeInput.SnapshotAnswer answer) {
            replica.ifPresent(r -> r.snapshots().take(answer, out));
        } else if (input instanceof NodeInput.StillRead still) {
            replica.ifPresent(r -> r.snapshots().stillRead(still.retired()));
        } else if (input instanceof NodeInput.Flushed flushed) {
            replica.ifPresent(r -> {
                r.trimmer().flushed(flushed.flushedIndex());
                r.trim(out);
            });
        } else if (input instanceof NodeInput.EntriesLoaded loaded) {
            replica.ifPresent(r -> r.core().entriesLoaded(loaded.loaded()));
        } else if (input instanceof NodeInput.SessionsExpirable expirable) {
            replica.ifPresent(
                    r -> r.proposeExpiry(expirable.sessions(), doors.wallClock().nowMs()));
        } else if (input instanceof NodeInput.HelloReceived hello) {
            take(hello, out);
        } else if (input instanceof NodeInput.PeerConnected connected) {
            carryOut(birth.connected(connected.peer()), out);
        } else if (input instanceof NodeInput.Claimed claimed) {
            carryOut(birth.claimed(claimed.by()), out);
        } else if (input instanceof NodeInput.PeerLost lost) {
            replica.ifPresent(r -> r.core().peerLost(lost.nodeId()));
        } else if (input instanceof NodeInput.DiskSpace space) {
            gate.diskSpace(space.level());
            health.diskSpace(space.level());
            replica.ifPresent(r -> {
                r.core().candidacy().is(health.fitness());
                r.trimmer().diskSpace(space.level());
                r.trim(out);
            });
        } else if (input instanceof NodeInput.StopRequested) {
            gate.close();
            health.stops();
            stop.request();
        } else {
            throw new AssertionError("unhandled " + input);
        }
    }

    /** What a member says of its addresses counts, unless it is another one than the cluster knows. */
    private void announced(PeerIdentity from, Hello hello) {
        boolean isImposter = replica.isPresent()
                && replica.get()
                        .core()
                        .configuration()
                        .member(from.nodeId())
                        .map(member -> !member.storeId().equals(from.storeId()))
                        .orElse(true);
        if (!isImposter && hello.from() == from.nodeId()) {
            Hello.Settings settings = hello.settings();
            List<Hello.Location> locations = new ArrayList<>(hello.others());
            locations.add(new Hello.Location(
                    from.nodeId(),
                    from.incarnation(),
                    settings.peerAddress(),
                    settings.clientAddress()));
            for (Hello.Location location : locations) {
                if (addresses.told(location)) {
                    doors.transport().announced(location.nodeId(), location.peerAddress());
                }
            }
        }
    }

    // Unborn it neither votes nor acknowledges. The sender's leader sends again once this node is
    // born.
    private void step(NodeInput.PeerMessages messages, TurnOutput out) {
        if (replica.isEmpty()) {
            return;
        }
        RaftCore core = replica.get().core();
        if (!mayHear(messages.from(), core)) {
            return;
        }
        peers.step(messages, core);
        String contradiction = core.contradiction();
        if (!contradiction.isEmpty()) {
            out.work(new Work.End(Work.Reason.CONTRADICTED, contradiction));
        }
    }

    // Who it is, and that it is not an earlier life of it. A node that was started before hears
    // nobody who did not tell yet what it remembers of it: it may be an older copy of itself.
    private boolean mayHear(PeerIdentity from, RaftCore core) {
        if (!peers.isKnown(from, core)) {
            return false;
        }
        boolean mustProve = memory.mustProve(from);
        if (!mustProve && memory.meets(from)) {
            writeMemory();
        }
        if (mustProve || !hears(from)) {
            if (memory.mayAsk(from.nodeId())) {
                say(birth.ask(from.nodeId()));
            }
            return false;
        }
        return true;
    }

    // Before anything of a new life counts: else a crash here would forget that it was seen.
    private void writeMemory() {
        record = record.remembering(memory.list());
        doors.log().write(new LogBatch(List.of(record), List.of()));
        memory.written();
    }

    private void take(NodeInput.HelloReceived input, TurnOutput out) {
        PeerIdentity from = input.from();
        Hello hello = input.hello();
        if (replica.isPresent() && peers.isKnown(from, hello, replica.get().core())) {
            RaftCore core = replica.get().core();
            if (memory.meets(from)) {
                writeMemory();
            }
            String forgotten =
                    PeerMemory.forgotten(hello.remembered(), from.nodeId(), record.lives(), core);
            if (!forgotten.isEmpty()) {
                endAsOlderCopy(forgotten, out);
                return;
            }
            memory.heard(from);
        }
        announced(from, hello);
        carryOut(birth.received(from, hello), out);
    }

    // Written down, so that it never starts again: no later peer might remember as much.
    private void endAsOlderCopy(String how, TurnOutput out) {
        doors.log().write(new LogBatch(List.of(record.refusedFor(how)), List.of()));
        out.work(new Work.End(Work.Reason.FORGOT, how));
    }

    private void say(Hello hello) {
        replica.ifPresent(r -> memory.learnFrom(r.core(), record.nodeId()));
        doors.transport().send(hello.with(memory.of(hello.to())));
    }

    private void admit(ClientRequest request, long nowNanos, TurnOutput out) {
        RequestOrigin origin = request.origin();
        if (request.body() instanceof ClientRequest.Status) {
            ReplyHeader header = replica.map(Replica::header).orElse(unbornHeader());
            out.reply(Replies.status(
                    header,
                    origin,
                    replica.isPresent()
                            ? status.born(record, replica.get(), gate.space(), nowNanos).toBuilder()
                                    .addAllAlarms(peers.alarms(replica.get().core()))
                                    .build()
                            : status.unborn(record, birth, nowNanos)));
        } else if (replica.isEmpty()) {
            out.reply(Replies.notLeader(unbornHeader(), origin, LeaderHint.NONE));
        } else if (request.groupId() != replica.get().groupId()) {
            out.reply(Replies.refused(
                    replica.get().header(),
                    origin,
                    Code.INVALID_ARGUMENT,
                    "group %d does not exist; the only group is %d"
                            .formatted(request.groupId(), replica.get().groupId())));
        } else {
            gate.admit(request, replica.get(), out);
        }
    }

    private void tick(int ticks, long nowNanos, TurnOutput out) {
        for (int i = 0; i < ticks; i++) {
            carryOut(birth.tick(), out);
            stop.tick();
            if (replica.isPresent()) {
                health.tick(replica.get().core());
                replica.get().core().tick();
                memory.tick();
                memory.learnFrom(replica.get().core(), record.nodeId());
                replica.get().snapshots().tick(out);
                periodic.tick(replica.get(), nowNanos, out);
            }
        }
    }

    /** Returns whether the core still has something ready: the turn reached its bound. */
    private boolean carryOutReady(Replica of, TurnOutput out) {
        RaftCore core = of.core();
        for (int round = 0; round < MAX_ROUNDS && core.hasReady(); round++) {
            Ready ready = core.ready();
            send(ready.messagesNow());
            if (ready.mustPersist()) {
                persist(of, ready);
            }
            send(ready.messagesAfterPersist());
            for (Ready.RoleChange change : ready.roleChanges()) {
                doors.events()
                        .happened(new NodeEvents.RoleTaken(
                                of.groupId(),
                                change.role(),
                                change.term(),
                                change.leaderId(),
                                core.lastId()));
            }
            of.handOver(ready, out);
            core.advance();
            of.snapshots().take(ready.snapshotMessages(), record.bootstrap(), out);
        }
        return core.hasReady();
    }

    private void persist(Replica of, Ready ready) {
        List<GroupRecord> group = ready.logStart().equals(EntryId.NONE)
                ? List.of()
                : List.of(new GroupRecord(ready.logStart(), of.snapshots().generation()));
        LogBatch.GroupWrite write = new LogBatch.GroupWrite(
                of.groupId(),
                ready.hardState(),
                group,
                ready.truncateFrom(),
                ready.entriesToPersist());
        List<NodeRecord> node = List.of();
        if (memory.isDue()) {
            record = record.remembering(memory.list());
            node = List.of(record);
            memory.written();
        }
        doors.log().write(new LogBatch(node, List.of(write)));
        health.wrote(doors.log().lastWriteNanos());
        int entries = 0;
        long bytes = 0;
        for (Run run : ready.entriesToPersist()) {
            entries += run.entryCount();
            bytes += run.sizeBytes();
        }
        doors.events().happened(new NodeEvents.Persisted(entries, bytes));
        if (!group.isEmpty()) {
            doors.events()
                    .happened(new NodeEvents.LogCut(
                            of.groupId(), ready.logStart(), doors.log().sizeBytes(of.groupId())));
        }
    }

    private void send(List<Message> messages) {
        if (!messages.isEmpty()) {
            doors.transport().send(messages);
        }
        for (Message message : messages) {
            if (message instanceof Message.TimeoutNow order) {
                long groupId = order.header().groupId();
                doors.events().happened(new NodeEvents.LeadershipHandedOver(groupId, order.to()));
            }
        }
    }

    private void carryOut(Birth.Step step, TurnOutput out) {
        for (Bootstrap founding : step.founding()) {
            doors.log().write(founding.birth(record));
            record = record.bornInto(founding.clusterId(), founding.bytes());
            begin(new Found(founding.newborn(), GroupRecord.INITIAL.stateGeneration(), List.of()));
            carryOut(birth.born(record), out);
        }
        step.events().forEach(doors.events()::happened);
        step.hellos().forEach(this::say);
        if (step.refused()) {
            out.work(new Work.End(Work.Reason.REFUSED, ""));
        }
    }

    private void begin(Found of) {
        RaftCore core = new RaftCore(
                options.raft(),
                new Identity(Bootstrap.GROUP_ID, record.nodeId(), record.incarnation()),
                of.replica(),
                random);
        PeerIdentity self = record.identity();
        LogTrimmer trimmer =
                new LogTrimmer(options, of.marks(), state.applied().applied().index());
        trimmer.diskSpace(gate.space());
        replica = Optional.of(new Replica(
                self,
                record.clusterId(),
                core,
                trimmer,
                new Snapshots(core, trimmer, of.generation(), options, doors.events()),
                addresses,
                state.applied()));
    }

    private ReplyHeader unbornHeader() {
        return new ReplyHeader(record.nodeId(), 0, Bytes.EMPTY);
    }
}
