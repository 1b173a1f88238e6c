package io.kvd.simulator.run;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.world.Violation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a person needs to know of a failed seed: carries it out once more, to tell its last events. */
public final class FailureReport {
    private static final int LAST_LINES = 40;
    private static final int MAX_LINE = 300;
    private static final int MAX_STACK_LINES = 12;

    private FailureReport() {}

    /** @param replay the command that does it again */
    public static List<String> of(RunResult failed, Simulator simulator, String replay) {
        return of(
                "seed " + failed.seed(),
                failed,
                trace -> simulator.run(failed.seed(), trace),
                replay);
    }

    /**
     * @param what failed
     * @param again does it again
     * @param replay the command that does it again
     */
    static List<String> of(
            String what, RunResult failed, Function<EventTrace, RunResult> again, String replay) {
        ArrayDeque<String> last = new ArrayDeque<>();
        EventTrace.Reader reader = new EventTrace.Reader() {
            @Override
            public void line(String line) {
                last.addLast(line);
                if (last.size() > LAST_LINES) {
                    last.removeFirst();
                }
            }
        };
        RunResult second = again.apply(new EventTrace(reader, EventTrace.Detail.LINES));
        List<String> lines = new ArrayList<>();
        lines.add("FAILED " + what);
        for (Violation violation : failed.violations()) {
            lines.add("  invariant  " + violation.invariant());
            lines.add("  what       " + cut(String.valueOf(violation.getMessage())));
            if (violation.getCause() != null) {
                stack(violation.getCause(), lines);
            }
        }
        if (second.traceHash() != failed.traceHash()) {
            lines.add("  and it was another run the second time: the seed does not decide it all");
        }
        lines.add("  last events");
        for (String line : last) {
            lines.add("    " + cut(line));
        }
        lines.add("  replay     " + replay);
        return lines;
    }

    private static void stack(Throwable cause, List<String> lines) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        text.toString().lines().limit(MAX_STACK_LINES).forEach(l -> lines.add("    " + cut(l)));
    }

    private static String cut(String line) {
        return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + " …";
    }
}
