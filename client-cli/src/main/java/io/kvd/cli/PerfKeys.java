package io.kvd.cli;

import io.kvd.client.CallOptions;
import io.kvd.client.KeyRange;
import io.kvd.client.KeyValue;
import io.kvd.client.Operation;
import io.kvd.client.Operations;
import io.kvd.client.Page;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;

/** The keys of {@code kvctl check perf}: below one prefix, told from all others by their names and values, and few. */
final class PerfKeys {
    static final String DEFAULT_PREFIX = "kvctl-check-perf/";

    private static final int KEYS = 10_000;
    private static final int DIGITS = 8;
    private static final int VALUE_BYTES = 256;
    private static final int POOL_BYTES = 1 << 20;
    private static final Bytes MARK = Bytes.utf8("kvctl check perf ");
    /** Deletes under way at a time: what is deleted is not measured, and must not disturb. */
    private static final int MAX_PENDING = 64;

    private final Bytes prefix;
    private final CallOptions options;
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] pool = new byte[POOL_BYTES];

    PerfKeys(Bytes prefix, CallOptions options) {
        this.prefix = prefix;
        this.options = options;
        random.nextBytes(pool);
    }

    /** The keys in turn, with values that don't compress. */
    Operation<?> put(long number) {
        byte[] value = new byte[VALUE_BYTES];
        System.arraycopy(pool, random.nextInt(POOL_BYTES - VALUE_BYTES), value, 0, VALUE_BYTES);
        System.arraycopy(MARK.array(), MARK.offset(), value, 0, MARK.length());
        return Operations.put(key(number % KEYS), Bytes.of(value), options);
    }

    /** One of the keys at random, the same ones in each run. */
    Operation<?> get() {
        return Operations.get(key(random.nextInt(KEYS)), options);
    }

    private Bytes key(long number) {
        byte[] key = Arrays.copyOf(prefix.toArray(), prefix.length() + DIGITS);
        long rest = number;
        for (int i = key.length - 1; i >= prefix.length(); i--) {
            key[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return Bytes.of(key);
    }

    /** @throws Failure a key below the prefix is none of these, or they can't be read */
    void refuseOthers(Caller caller, Settings settings) {
        boolean more = true;
        for (KeyRange range = KeyRange.prefix(prefix); more; ) {
            Page page = page(caller.call(Operations.scan(range, 0, options)), settings);
            for (KeyValue row : page.rows()) {
                if (!isOwn(row)) {
                    throw Failure.usage(
                            "there is a key below the prefix that is not of this check: "
                                    + settings.encoding().show(row.key()),
                            "kvctl check perf --prefix OTHER");
                }
            }
            more = page.more();
            range = more ? new KeyRange(page.next(), range.to()) : range;
        }
    }

    private boolean isOwn(KeyValue row) {
        Bytes key = row.key();
        boolean isOwn = key.length() == prefix.length() + DIGITS
                && row.value().length() == VALUE_BYTES
                && row.value().slice(0, MARK.length()).equals(MARK);
        for (int i = prefix.length(); isOwn && i < key.length(); i++) {
            isOwn = key.byteAt(i) >= '0' && key.byteAt(i) <= '9';
        }
        return isOwn;
    }

    /** Deletes all of them, those of earlier checks too. @throws Failure some may be left */
    void delete(Caller caller, Settings settings) {
        boolean more = true;
        for (KeyRange range = KeyRange.prefix(prefix); more; ) {
            Page page = page(caller.call(Operations.scan(range, 0, options)), settings);
            Deque<Caller.Pending<Long>> pending = new ArrayDeque<>();
            for (KeyValue row : page.rows()) {
                if (isOwn(row)) {
                    pending.add(caller.start(Operations.delete(row.key(), options)));
                }
                while (pending.size() == MAX_PENDING) {
                    finish(pending, caller, settings);
                }
            }
            while (!pending.isEmpty()) {
                finish(pending, caller, settings);
            }
            more = page.more();
            range = more ? new KeyRange(page.next(), range.to()) : range;
        }
    }

    private static void finish(
            Deque<Caller.Pending<Long>> pending, Caller caller, Settings settings) {
        Outcome<Long> outcome = caller.await(pending.remove());
        if (!(outcome instanceof Outcome.Ok<Long>)) {
            throw Failure.of(outcome, settings.tried());
        }
    }

    private static Page page(Outcome<Page> outcome, Settings settings) {
        if (outcome instanceof Outcome.Ok<Page> ok) {
            return ok.value();
        }
        throw Failure.of(outcome, settings.tried());
    }
}
