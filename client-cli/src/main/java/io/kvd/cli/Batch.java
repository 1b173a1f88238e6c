package io.kvd.cli;

import io.kvd.client.Operation;
import io.kvd.core.client.ClientCall;

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

    /** Their bytes and those of their answers, which are held until it is their turn to be printed. */
    private static final long MAX_PENDING_BYTES = 8L << 20;

    /** A line takes this much beside its keys and values. */
    private static final long LINE_BYTES = 1L << 10;

    /**
     * A line that was sent.
     *
     * @param bytes of the request and, as far as one can guess, of its answer
     */
    private record Line<T>(
            long number, Exchange<T> exchange, Caller.Pending<T> pending, long bytes) {
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

    private long pendingBytes;

    /** How large the next answer is taken to be: as the last ones, or half as large as the largest a while ago. */
    private long answerBytes = 1L << 20;

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
        Operation<T> operation = exchange.operation();
        ClientCall call = operation.call();
        long sent = LINE_BYTES
                + (call instanceof ClientCall.Write write ? write.command().size() : 0);
        while (pending.size() >= MAX_PENDING
                || conflicts(exchange)
                || isFull(sent + answerBytesOf(call))) {
            finishFirst();
        }
        long bytes = sent + answerBytesOf(call);
        pendingBytes += bytes;
        pending.add(new Line<>(lineNumber, exchange, caller.start(operation), bytes));
        if (pending.size() % (MAX_PENDING / 8) == 0) {
            caller.turn();
            finishThoseOver();
        }
    }

    /** One line is always sent, however large. */
    private boolean isFull(long more) {
        return !pending.isEmpty() && pendingBytes + more > MAX_PENDING_BYTES;
    }

    private long answerBytesOf(ClientCall call) {
        return call instanceof ClientCall.Write ? 0 : answerBytes;
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
        pendingBytes -= line.bytes();
        long answered = line.pending().answerBytes();
        answerBytes = answered == 0 ? answerBytes : Math.max(answered, answerBytes / 2);
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
