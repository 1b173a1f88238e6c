package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.PeerIdentity;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Some frames of every age, to be delivered once more long after. Empty unless old frames are to come back. One
 * thread.
 */
final class Archive {
    private static final int MAX_FRAMES = 256;

    /** Of the frames sent once it is full, one in so many takes another one's place. */
    private static final int ONE_IN = 16;

    private final SplittableRandom random;
    private final List<Frame> frames = new ArrayList<>();
    private boolean isOpen;

    private record Frame(PeerIdentity from, Host to, Bytes body) {}

    Archive(SplittableRandom random) {
        this.random = random;
    }

    /** From now on frames are kept. */
    void open() {
        isOpen = true;
    }

    void keep(PeerIdentity from, Host to, Bytes body) {
        if (!isOpen) {
            return;
        }
        if (frames.size() < MAX_FRAMES) {
            frames.add(new Frame(from, to, body));
        } else if (random.nextInt(ONE_IN) == 0) {
            frames.set(random.nextInt(MAX_FRAMES), new Frame(from, to, body));
        }
    }

    /**
     * One of them arrives once more, wherever its receiver is in its life by now; false if it can't. Not at a receiver
     * that lost its directory: what was said to the one before would count as said to this one, and an unborn member
     * would be born with members of long ago.
     */
    boolean replayOne() {
        if (frames.isEmpty()) {
            return false;
        }
        Frame frame = frames.get(random.nextInt(frames.size()));
        if (frame.to().isStranger()) {
            return false;
        }
        frame.to()
                .process()
                .ifPresent(process -> process.peers().replayed(frame.from(), frame.body()));
        return frame.to().process().isPresent();
    }
}
