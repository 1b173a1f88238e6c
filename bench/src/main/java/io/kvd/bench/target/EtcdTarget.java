package io.kvd.bench.target;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.StreamObserver;
import io.kvd.core.base.Bytes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * etcd, through its v3 API: gRPC on one thread, one connection to each member. All goes to the leader, where a request
 * takes the fewest hops; who leads is looked up every second.
 */
final class EtcdTarget implements Target {
    /** Kept, since loggers that nobody holds lose their level. gRPC tells of its own start. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        GRPC.setLevel(Level.WARNING);
    }

    private static final long ANSWER_SECONDS = 10;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long LEADER_CHECK_MS = 1_000;
    private static final long POLL_MS = 50;

    /** etcd's own mark of a range without an end. */
    private static final ByteString NO_END = ByteString.copyFrom(new byte[1]);

    private final NioEventLoopGroup thread = new NioEventLoopGroup(1);
    private final List<ManagedChannel> channels;
    /** By member id. */
    private final Map<Long, ManagedChannel> members = new HashMap<>();

    private volatile ManagedChannel leader;
    private volatile KVGrpc.KVStub kv;

    /** Returns once there is a leader. */
    EtcdTarget(List<String> addresses) {
        channels = addresses.stream()
                .map(address -> NettyChannelBuilder.forTarget(address)
                        .usePlaintext()
                        .directExecutor()
                        .eventLoopGroup(thread)
                        .channelType(NioSocketChannel.class)
                        .build())
                .toList();
        leader = awaitLeader();
        kv = KVGrpc.newStub(leader);
        var unused = thread.scheduleWithFixedDelay(
                this::followLeader, LEADER_CHECK_MS, LEADER_CHECK_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void get(Bytes key, Completion completion) {
        RangeRequest request = RangeRequest.newBuilder().setKey(bytes(key)).build();
        kv.range(request, observer(answer -> answer.getKvsCount(), completion));
    }

    @Override
    public void put(Bytes key, Bytes value, Completion completion) {
        PutRequest request = PutRequest.newBuilder()
                .setKey(bytes(key))
                .setValue(bytes(value))
                .build();
        kv.put(request, observer(answer -> 0, completion));
    }

    @Override
    public void scan(Bytes from, int rows, Completion completion) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(bytes(from))
                .setRangeEnd(NO_END)
                .setLimit(rows)
                .build();
        kv.range(request, observer(answer -> answer.getKvsCount(), completion));
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ManagedChannel awaitLeader() {
        long begin = System.nanoTime();
        String answer = "no answer";
        while (System.nanoTime() - begin < PATIENCE_NANOS) {
            try {
                long leaderId = 0;
                for (ManagedChannel channel : channels) {
                    StatusResponse status = MaintenanceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .status(StatusRequest.getDefaultInstance());
                    members.put(status.getHeader().getMemberId(), channel);
                    leaderId = status.getLeader();
                }
                ManagedChannel found = members.get(leaderId);
                if (found != null) {
                    return found;
                }
                answer = "no leader";
            } catch (StatusRuntimeException notYet) {
                answer = String.valueOf(notYet.getMessage());
            }
            pause();
        }
        close();
        throw new IllegalStateException("etcd does not serve: " + answer);
    }

    private void followLeader() {
        ManagedChannel asked = leader;
        MaintenanceGrpc.newStub(asked)
                .status(StatusRequest.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(StatusResponse status) {
                        ManagedChannel found = members.get(status.getLeader());
                        if (found != null && found != asked) {
                            leader = found;
                            kv = KVGrpc.newStub(found);
                        }
                    }

                    @Override
                    public void onError(Throwable asTheRequestsWillTell) {}

                    @Override
                    public void onCompleted() {}
                });
    }

    private static <T> StreamObserver<T> observer(ToIntFunction<T> rows, Completion completion) {
        return new StreamObserver<>() {
            private int count;

            @Override
            public void onNext(T answer) {
                count = rows.applyAsInt(answer);
            }

            @Override
            public void onError(Throwable failure) {
                completion.failed(String.valueOf(failure.getMessage()));
            }

            @Override
            public void onCompleted() {
                completion.succeeded(count);
            }
        };
    }

    private static ByteString bytes(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
