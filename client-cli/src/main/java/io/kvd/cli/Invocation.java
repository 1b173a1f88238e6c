package io.kvd.cli;

import io.kvd.client.Operation;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A command at work: its arguments, the settings, and the process around it. */
final class Invocation {
    private static final long NANOS_PER_MICRO = 1_000;

    /** Where the value {@code -} comes from. */
    enum StandardInput {
        VALUES,
        /** A batch's own lines. */
        COMMANDS
    }

    private final Arguments arguments;
    private final Settings settings;
    private final Console console;
    private final StandardInput standardInput;

    Invocation(
            Arguments arguments, Settings settings, Console console, StandardInput standardInput) {
        this.arguments = arguments;
        this.settings = settings;
        this.console = console;
        this.standardInput = standardInput;
    }

    Settings settings() {
        return settings;
    }

    Console console() {
        return console;
    }

    /** Whether this is one line of many. */
    boolean isBatch() {
        return standardInput == StandardInput.COMMANDS;
    }

    boolean isJson() {
        return settings.output() == Settings.Output.JSON;
    }

    boolean isTable() {
        return settings.output() == Settings.Output.TABLE;
    }

    Arguments arguments() {
        return arguments;
    }

    Bytes key(int index) {
        Bytes key = settings.encoding().decode(arguments.parameter(index));
        if (key.isEmpty()) {
            throw Failure.usage("a key has at least one byte");
        }
        return key;
    }

    /** The value itself, {@code -} for standard input, or {@code @FILE}; both of those are taken as they are. */
    Bytes value(int index) {
        String text = arguments.parameter(index);
        try {
            if (text.equals("-")) {
                if (standardInput == StandardInput.COMMANDS) {
                    throw Failure.usage(
                            "in a batch, standard input holds the commands", "put KEY @FILE");
                }
                return Bytes.of(console.in().readAllBytes());
            }
            if (text.startsWith("@@")) {
                return settings.encoding().decode(text.substring(1));
            }
            if (text.startsWith("@")) {
                return Bytes.of(Files.readAllBytes(Path.of(text.substring(1))));
            }
        } catch (NoSuchFileException e) {
            throw Failure.local("no such file: " + text.substring(1)
                    + " (a value that begins with @ is written @@)");
        } catch (IOException e) {
            throw Failure.local("can't read " + text + ": " + e.getMessage());
        }
        return settings.encoding().decode(text);
    }

    String show(Bytes bytes) {
        return settings.encoding().show(bytes);
    }

    /** Makes the operation's call on a connection of its own, and prints the answer. */
    <T> void perform(Exchange<T> exchange) {
        try (Caller caller = Caller.sessionless(settings)) {
            exchange.finish(call(caller, exchange.operation()), settings);
        }
    }

    /** One call, with a line about it if the user wants to know. */
    <T> Outcome<T> call(Caller caller, Operation<T> operation) {
        long startNanos = System.nanoTime();
        Outcome<T> outcome = caller.call(operation);
        if (settings.volume() == Settings.Volume.VERBOSE) {
            long micros = (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
            String who = "nobody answered";
            if (outcome instanceof Outcome.Ok<T> ok) {
                Outcome.Header header = ok.header();
                who = "node " + header.nodeId() + " answered in term " + header.term()
                        + " at revision " + header.revision();
            }
            console.printError("kvctl: " + who + ", after " + micros + " us\n");
        }
        return outcome;
    }

    /** A line for people, unless they want none. */
    void say(String line) {
        if (settings.volume() != Settings.Volume.QUIET) {
            console.printLine(line);
        }
    }
}
