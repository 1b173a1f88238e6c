package io.kvd.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The lines of one batch: parsed, sent ahead of each other where the order can't show, answered in order. */
final class Batch {
    /** Lines under way at a time: enough to keep a server busy, and a bound on what is held. */
    private static final int MAX_PENDING = 256;

    /** A line that was sent. */
    private record Line<T>(long number, Exchange<T> exchange, Caller.Pending<T> pending) {
        /** Prints the answer. @throws Failure the line did not work */
        void finish(Settings settings) {
            exchange.finish(pending.outcome(), settings);
        }
    }

    private final Settings settings;
    private final Console console;
    private final Caller caller;

    /** In the order of the lines. */
    private final Deque<Line<?>> pending = new ArrayDeque<>();

    private ExitCode firstFailure = ExitCode.OK;
    private long lineNumber;

    Batch(Settings settings, Console console, Caller caller) {
        this.settings = settings;
        this.console = console;
        this.caller = caller;
    }

    /** Does all lines. Returns the exit code of the first that failed. */
    ExitCode run(BufferedReader lines) throws IOException {
        for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
            lineNumber++;
            List<String> words;
            try {
                words = ShellWords.split(line.get());
                if (!words.isEmpty()) {
                    start(exchange(words));
                }
            } catch (Failure e) {
                finishAll();
                failed(e, lineNumber);
            }
        }
        finishAll();
        return firstFailure;
    }

    /** Whoever types a line wants its answer before the next: nothing stays unanswered while we wait for input. */
    private Optional<String> next(BufferedReader lines) throws IOException {
        if (!lines.ready()) {
            finishAll();
            console.flush();
        }
        return Optional.ofNullable(lines.readLine());
    }

    private Exchange<?> exchange(List<String> words) {
        Optional<Command> found = Commands.find(words.get(0));
        if (found.isEmpty() || !(found.get() instanceof ExchangeCommand command)) {
            throw Failure.usage(
                    "no such command in a batch: " + words.get(0), "put, get, del, cas or count");
        }
        List<String> rest = words.subList(1, words.size());
        Optional<Arguments> quick = QuickParser.parseLine(command, rest);
        Arguments arguments =
                quick.isPresent() ? quick.get() : PicocliParser.parseLine(command, rest);
        return command.exchange(
                new Invocation(arguments, settings, console, Invocation.StandardInput.COMMANDS));
    }

    private <T> void start(Exchange<T> exchange) {
        while (pending.size() >= MAX_PENDING || conflicts(exchange)) {
            finishFirst();
        }
        pending.add(new Line<>(lineNumber, exchange, caller.start(exchange.operation())));
        if (pending.size() % (MAX_PENDING / 8) == 0) {
            caller.turn();
            finishThoseOver();
        }
    }

    private boolean conflicts(Exchange<?> exchange) {
        for (Iterator<Line<?>> lines = pending.descendingIterator(); lines.hasNext(); ) {
            Line<?> line = lines.next();
            if (!line.pending().isOver()
                    && line.exchange().touch().conflictsWith(exchange.touch())) {
                return true;
            }
        }
        return false;
    }

    private void finishThoseOver() {
        while (!pending.isEmpty() && pending.getFirst().pending().isOver()) {
            finishFirst();
        }
    }

    private void finishAll() {
        while (!pending.isEmpty()) {
            finishFirst();
        }
    }

    private void finishFirst() {
        Line<?> line = pending.removeFirst();
        caller.await(line.pending());
        try {
            line.finish(settings);
        } catch (Failure e) {
            failed(e, line.number());
        }
    }

    private void failed(Failure failure, long number) {
        failure.atLine(number).print(settings.output(), console);
        if (firstFailure == ExitCode.OK) {
            firstFailure = failure.exitCode();
        }
    }
}
