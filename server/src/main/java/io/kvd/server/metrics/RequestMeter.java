package io.kvd.server.metrics;

import com.codahale.metrics.Counter;

import io.kvd.core.node.RequestOrigin;
import io.kvd.server.metrics.RequestTimes.Op;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records how long requests took, stage by stage, when their answers leave. Neighbours of a batch mostly share their
 * times, and are recorded with one call. Callable on any net thread.
 */
public final class RequestMeter {
    private final Map<Op, OfOp> byOp = new EnumMap<>(Op.class);
    private final Counter unserved;
    private final SlowRequestLog slow;

    private static final class OfOp {
        private final Distribution total;
        private final Distribution queued;
        private final Distribution persisted;
        private final Distribution ready;
        private final Distribution done;
        private final Distribution replied;

        OfOp(Op op, NodeMetrics metrics) {
            String name = op.name().toLowerCase(Locale.ROOT);
            this.total = metrics.distribution(ServerMetric.REQUEST_TOTAL, name);
            this.ready = stage(metrics, name, op == Op.WRITE ? "replicated" : "confirmed");
            this.done = stage(metrics, name, op == Op.WRITE ? "applied" : "read");
            this.replied = stage(metrics, name, "replied");
            this.queued = op == Op.WRITE ? stage(metrics, name, "queued") : ready;
            this.persisted = op == Op.WRITE ? stage(metrics, name, "persisted") : ready;
        }

        private static Distribution stage(NodeMetrics metrics, String op, String stage) {
            return metrics.distribution(ServerMetric.REQUEST_STAGE, op, stage);
        }

        /** Requests that share all their stages. */
        void shared(RequestTimes times, long count, long nowNanos) {
            if (times.op() == Op.WRITE) {
                persisted.update(times.persistedNanos() - times.takenNanos(), count);
                ready.update(times.readyNanos() - times.persistedNanos(), count);
            }
            done.update(times.doneNanos() - times.readyNanos(), count);
            replied.update(nowNanos - times.doneNanos(), count);
        }

        /** Requests that also came with one read event. */
        void arrived(RequestTimes times, long arrivedNanos, long count, long nowNanos) {
            if (times.op() == Op.WRITE) {
                queued.update(times.takenNanos() - arrivedNanos, count);
            } else {
                ready.update(times.readyNanos() - arrivedNanos, count);
            }
            total.update(nowNanos - arrivedNanos, count);
        }
    }

    /** @param slowNanos requests that take as long are logged */
    public RequestMeter(NodeMetrics metrics, long slowNanos) {
        for (Op op : List.of(Op.WRITE, Op.READ, Op.COUNT)) {
            byOp.put(op, new OfOp(op, metrics));
        }
        this.unserved = metrics.counter(ServerMetric.REQUEST_UNSERVED);
        this.slow = new SlowRequestLog(slowNanos, metrics.counter(ServerMetric.REQUEST_SLOW));
    }

    /** The answers were handed to their connections. */
    public void answered(List<TimedReply> replies, long nowNanos) {
        int sharedFrom = 0;
        int arrivedFrom = 0;
        for (int i = 0; i < replies.size(); i++) {
            TimedReply one = replies.get(i);
            boolean isLast = i + 1 == replies.size();
            boolean sharesTimes = !isLast && replies.get(i + 1).times().equals(one.times());
            if (!sharesTimes || arrivedOf(replies.get(i + 1)) != arrivedOf(one)) {
                arrived(one, i + 1 - arrivedFrom, nowNanos);
                arrivedFrom = i + 1;
            }
            if (!sharesTimes) {
                shared(one.times(), i + 1 - sharedFrom, nowNanos);
                sharedFrom = i + 1;
            }
        }
    }

    private void arrived(TimedReply one, long count, long nowNanos) {
        OfOp op = byOp.get(one.times().op());
        if (op != null) {
            RequestOrigin origin = one.reply().to();
            op.arrived(one.times(), origin.arrivedNanos(), count, nowNanos);
            slow.answered(origin, one.times(), count, nowNanos);
        }
    }

    private void shared(RequestTimes times, long count, long nowNanos) {
        OfOp op = byOp.get(times.op());
        if (op != null) {
            op.shared(times, count, nowNanos);
        } else {
            unserved.inc(count);
        }
    }

    private static long arrivedOf(TimedReply reply) {
        return reply.reply().to().arrivedNanos();
    }
}
