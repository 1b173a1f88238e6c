package io.kvd.server.runtime;

import io.kvd.core.node.ReadLine;
import io.kvd.server.net.NetDoors;

/** Between the line of reads and what comes later than it: answers that left call a reader, once there are readers. */
final class ReadDesk implements NetDoors.Answers {
    private final ReadLine line;
    /** Set once, when the readers run; before that nothing was read, so no answer can leave. */
    private volatile Runnable callReader = () -> {};

    ReadDesk(ReadLine line) {
        this.line = line;
    }

    ReadLine line() {
        return line;
    }

    void callWith(Runnable reader) {
        callReader = reader;
    }

    @Override
    public void left(long connectionId, long answerBytes) {
        if (line.left(connectionId, answerBytes)) {
            callReader.run();
        }
    }

    @Override
    public boolean areAwaited() {
        return line.isStarved();
    }
}
