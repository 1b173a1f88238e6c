package io.kvd.simulator.judge;

import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.protocol.Reply;
import io.kvd.protocol.Result;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Violation;
import io.kvd.simulator.world.World;

/** Watches over one invariant. Owned by one run. */
public abstract class Judge implements Observer {
    private final String name;
    private final String source;
    private long checks;

    /**
     * @param name what holds, as a sentence
     * @param source where it is said
     */
    protected Judge(String name, String source) {
        this.name = name;
        this.source = source;
    }

    public final String name() {
        return name;
    }

    public final String source() {
        return source;
    }

    /** How often it looked. */
    public final long checks() {
        return checks;
    }

    /** Checks what can only be checked when everything is over and calm. */
    public void atTheEnd(World world) {}

    /** @throws Violation with the sentence, if the condition is false */
    @SuppressWarnings("AnnotateFormatMethod") // As io.kvd.core.base.Check.
    protected final void check(boolean condition, String sentence, Object... values) {
        checks++;
        if (!condition) {
            throw new Violation(name, String.format(sentence, values) + " (" + source + ")");
        }
    }

    /** Counts a check whose condition was looked at where no sentence had to be made. */
    protected final void held() {
        checks++;
    }

    @SuppressWarnings("AnnotateFormatMethod") // As io.kvd.core.base.Check.
    protected final Violation violation(String sentence, Object... values) {
        return new Violation(name, String.format(sentence, values) + " (" + source + ")");
    }

    /** What the log entry of a served write came to. */
    protected final Result resultOf(Reply reply) {
        return resultIn(reply);
    }

    static Result resultIn(Reply reply) {
        try {
            return Result.parseFrom(reply.getResult());
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("results can be read", String.valueOf(e), e);
        }
    }
}
