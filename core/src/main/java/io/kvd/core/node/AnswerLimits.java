package io.kvd.core.node;

import io.kvd.core.base.Check;
import io.kvd.core.kv.RangeReader;
import io.kvd.core.kv.RequestLimits;
import io.kvd.protocol.RangeRequest;

/**
 * How much the answers to reads may hold at once. A request of a few bytes asks for an answer of a megabyte, so what
 * bounds requests does not bound answers.
 *
 * @param totalBytes of all answers, from before they are made until they left
 * @param maxRowBytes the largest key with the largest value
 */
public record AnswerLimits(long totalBytes, int maxRowBytes) {
    /** An answer takes this much beside its bytes: the objects that stand for it in queues. */
    static final int OVERHEAD_BYTES = 256;

    public static final AnswerLimits DEFAULT = of(64 << 20, RequestLimits.DEFAULTS);

    public AnswerLimits {
        Check.that(totalBytes > 0 && maxRowBytes > 0, "answers of %d bytes", totalBytes);
    }

    public static AnswerLimits of(long totalBytes, RequestLimits limits) {
        return new AnswerLimits(totalBytes, limits.maxKeyBytes() + limits.maxValueBytes());
    }

    /** The most that making any one answer can take: a budget below it serves one at a time. */
    public long largestReserve() {
        return reserveFor(
                RangeRequest.newBuilder().setRangeEnd(RangeReader.TO_THE_END).build());
    }

    /**
     * The most that making the answer can take: its rows, the answer made of them, and for a range the row that it
     * ends before.
     */
    long reserveFor(RangeRequest request) {
        if (RangeReader.isCount(request)) {
            return OVERHEAD_BYTES;
        }
        long row = maxRowBytes;
        if (request.getRangeEnd().isEmpty()) {
            return OVERHEAD_BYTES + 2 * row;
        }
        long largest = Math.max(row, RangeReader.MAX_ANSWER_BYTES);
        boolean isShort = request.getLimit() > 0 && request.getLimit() <= largest / row;
        long answer = isShort ? request.getLimit() * row : largest;
        return OVERHEAD_BYTES + 2 * answer + row;
    }
}
