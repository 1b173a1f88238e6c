package io.kvd.core.codec;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;

/**
 * The lives of a data directory: the last one, and the nonces of the last {@link #MAX} up to it. So a directory can
 * tell whether a life that somebody saw was one of its own, or one of another copy of it (docs/adr/0011).
 *
 * @param incarnation of the last life; 0 if it was never started
 * @param nonces of the lives that end with the last one, the oldest first
 */
public record Lives(long incarnation, List<Long> nonces) {
    /** Lives of a directory that lie this many starts back are not compared any more. */
    public static final int MAX = 64;

    public static final Lives NONE = new Lives(0, List.of());

    public Lives {
        nonces = List.copyOf(nonces);
        Check.that(
                isPossible(incarnation, nonces.size()),
                "%d nonces of %d lives",
                nonces.size(),
                incarnation);
    }

    /** Whether a directory that was started so often can have so many nonces. */
    public static boolean isPossible(long incarnation, int nonces) {
        return incarnation >= 0 && nonces == Math.min(incarnation, MAX);
    }

    /** The last life; {@link Life#NONE} if there was none. */
    public Life last() {
        return nonces.isEmpty() ? Life.NONE : new Life(incarnation, nonces.get(nonces.size() - 1));
    }

    /** One more start. */
    public Lives next(long nonce) {
        List<Long> later = new ArrayList<>(nonces);
        if (later.size() == MAX) {
            later.remove(0);
        }
        later.add(nonce);
        return new Lives(incarnation + 1, later);
    }

    /**
     * Whether these can't be the later lives of the directory that was seen in that life: they are fewer, or the one of
     * that number was another one. Of a life before those that are listed nothing is known, so that it can be.
     */
    public boolean lack(Life seen) {
        if (seen.incarnation() > incarnation) {
            return true;
        }
        long place = nonces.size() - 1 - (incarnation - seen.incarnation());
        return seen.incarnation() > 0 && place >= 0 && nonces.get((int) place) != seen.nonce();
    }
}
