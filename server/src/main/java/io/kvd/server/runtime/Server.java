package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.node.ApplyLoop;
import io.kvd.core.node.BackgroundWork;
import io.kvd.core.node.LiveState;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeLoop;
import io.kvd.core.node.NodeStart;
import io.kvd.core.node.OpenedState;
import io.kvd.core.node.ReadLine;
import io.kvd.core.node.ReadWork;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.node.Work;
import io.kvd.server.metrics.MeasuredLogStore;
import io.kvd.server.metrics.RequestMeter;
import io.kvd.server.metrics.TimedReply;
import io.kvd.server.net.ListenException;
import io.kvd.server.net.NetDoors;
import io.kvd.server.net.NetServer;
import io.kvd.server.runtime.config.ServerConfig;
import io.kvd.server.storage.DataDirectory;
import io.kvd.server.storage.DirectoryPresence;
import io.kvd.server.storage.ProvenLogStore;
import io.kvd.server.storage.RocksDbLogStore;
import io.kvd.server.storage.RocksDbSnapshots;
import io.kvd.server.storage.RocksDbStateStores;
import io.kvd.server.storage.StorageOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * A running node: builds every room, connects the doors, and closes all in order. The order of starting is a rule:
 * bind the port, open and check the directory, write the incarnation, and only then let anything in or out. So what
 * is refused leaves the directory as it was.
 */
public final class Server implements RunningServer {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long GROUP_ID = 1;
    private static final int STORE_ID_BYTES = 16;

    private final Inbox<NodeInput> inbox = new Inbox<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ServerFacts facts = new ServerFacts();
    private final ServerOptions options;
    private final ReadDesk reads;
    private final Halt halt;
    private final Resources resources = new Resources();

    /** Opens, recovers and listens; see {@link ServerFactory#start}. */
    public static RunningServer start(ServerConfig config, Halt halt) {
        Server server = new Server(config, halt);
        try {
            server.open(config);
            return server;
        } catch (RuntimeException | Error failure) {
            server.resources.close();
            throw failure;
        }
    }

    private Server(ServerConfig config, Halt halt) {
        this.options = new ServerOptions(config);
        this.reads = new ReadDesk(new ReadLine(options.node().answers()));
        this.halt = halt;
    }

    private void open(ServerConfig config) {
        SecureRandom secure = new SecureRandom();
        SplittableRandom random = new SplittableRandom(secure.nextLong());
        Instruments instruments = resources.add(new Instruments(config, facts));
        NodeEvents events = events(instruments);
        NetServer net = net(events, instruments.requests(), random);
        AdminPort admin = resources.add(AdminPort.listen(config.listen().admin()));

        DataDirectory data = resources.add(DataDirectory.open(config.node().dataDir()));
        StorageOptions storage = StorageOptions.ofMemory(config.storage().memoryBytes());
        RocksDbLogStore rocksDbLog = RocksDbLogStore.at(data.logDirectory(), storage);
        RocksDbStateStores states =
                resources.add(new RocksDbStateStores(data.stateDirectory(), storage));
        DirectoryPresence presence = new DirectoryPresence(data, rocksDbLog, states);
        LogStore log = log(new ProvenLogStore(rocksDbLog, presence, System::nanoTime), instruments);
        RestoredLog restored = log.restore();
        NodeStart start = NodeStart.of(options.cluster(), restored, storeId(secure));
        data.accept(restored).forEach(Server::tellDeleted);
        if (start.isFirst()) {
            start.persist(log);
        }
        RocksDbSnapshots snapshots = new RocksDbSnapshots(data.path(), states);
        long generation = start.stateGeneration(GROUP_ID);
        LiveState state = new LiveState(states.open(GROUP_ID, generation));
        KvStateMachine machine =
                KvStateMachine.open(GROUP_ID, state.store(), options.node().rowCacheBytes());
        NodeLoop node = new NodeLoop(
                options.cluster(),
                start,
                OpenedState.of(GROUP_ID, state, machine),
                options.node(),
                new NodeLoop.Doors(log, net.transport(), events, System::currentTimeMillis),
                random.split(),
                facts.program(),
                System.nanoTime());
        if (!start.isFirst()) {
            start.persist(log);
        }
        facts.know(start);
        LoopThreads.Loops loops = new LoopThreads.Loops(
                node,
                new ApplyLoop(GROUP_ID, generation, machine, state, states),
                new ReadWork(state, reads.line()),
                new BackgroundWork(log, state, states, snapshots),
                clientsOf(net),
                instruments.loops());
        LoopThreads threads = resources.add(new LoopThreads(inbox, loops, halt, this::ended));
        reads.callWith(threads::serveReads);
        DiskWatch disk = resources.add(
                DiskWatch.start(presence, config.storage().minFreeBytes(), inbox::add, halt));
        net.start(options.peers());
        instruments.watch(net);
        instruments.watch(reads.line());
        instruments.watch(log, GROUP_ID);
        instruments.watch(disk);
        instruments.watch("log", rocksDbLog::numbers);
        instruments.watch("state", states::numbers);
        resources.add(instruments.startLooking());
        admin.serve(instruments.pages(() -> log.sizeBytes(GROUP_ID), disk));
    }

    @Override
    public void requestStop() {
        inbox.add(new NodeInput.StopRequested());
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        resources.close();
    }

    private NetServer net(NodeEvents events, RequestMeter requests, SplittableRandom random) {
        WorkerThreads resolver = resources.add(new WorkerThreads("resolver", 1, halt));
        NetServer net = resources.add(new NetServer(
                options.net(),
                new NetDoors(
                        inbox::add,
                        facts,
                        new CommandValidator(options.requests()),
                        events,
                        requests,
                        System::nanoTime,
                        Threads.numbered("net"),
                        resolver::execute,
                        reads,
                        failure -> halt.because("net", failure)),
                random.split()));
        listen(net);
        return net;
    }

    private static LoopThreads.Clients clientsOf(NetServer net) {
        return new LoopThreads.Clients() {
            @Override
            public void deliver(List<TimedReply> replies) {
                net.replies().deliver(replies);
            }

            @Override
            public boolean isOpen(long connectionId) {
                return net.replies().reach(connectionId);
            }
        };
    }

    private LogStore log(LogStore proven, Instruments instruments) {
        return resources.add(new MeasuredLogStore(
                proven, instruments.metrics(), instruments.loops().stages()));
    }

    private NodeEvents events(Instruments instruments) {
        EventLog log = new EventLog(options.cluster());
        return event -> {
            facts.happened(event);
            instruments.events().happened(event);
            log.happened(event);
        };
    }

    private void listen(NetServer net) {
        try {
            net.listen(options.listen());
        } catch (ListenException refused) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    String.valueOf(refused.getMessage()),
                    "a node serves clients and members on one port",
                    "another listen.address, or stop what uses it");
        }
    }

    private static void tellDeleted(Path leftOver) {
        LOG.info("deleted what a stopped transfer or install left directory={}", leftOver);
    }

    private void ended(Work.End end) {
        switch (end.reason()) {
            case REFUSED ->
                halt.because(
                        "raft",
                        ExitCode.DIRECTORY_REFUSED,
                        "the cluster knows another data directory for this node: this one was wiped or is not the"
                                + " node's own; put the old directory back, or replace this member (a cluster that"
                                + " holds nothing yet can be made anew: stop all members and empty their directories)");
            case CONTRADICTED ->
                halt.because("raft", ExitCode.HISTORY_CONTRADICTED, end.sentence());
            case FORGOT -> halt.because("raft", ExitCode.OLDER_COPY, end.sentence());
            case STOPPED -> {}
        }
        ended.countDown();
    }

    private static Bytes storeId(SecureRandom random) {
        byte[] id = new byte[STORE_ID_BYTES];
        random.nextBytes(id);
        return Bytes.of(id);
    }
}
