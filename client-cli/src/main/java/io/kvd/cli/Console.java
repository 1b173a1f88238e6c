package io.kvd.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The process around a command, as far as kvctl may touch it: tests bring their own. Text is UTF-8 whatever the locale
 * says, since keys and values are.
 */
final class Console {
    /**
     * Set to true by the start script if standard output is a terminal, which the JDK can't tell: its console means
     * standard input too, and from version 22 on it is there even without a terminal.
     */
    private static final String TERMINAL_PROPERTY = "kvd.terminal";

    private static final int OUT_BUFFER_BYTES = 8 << 10;

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final Map<String, String> environment;
    private final Terminal terminal;

    /** Where standard output goes. */
    enum Terminal {
        YES,
        NO
    }

    Console(
            InputStream in,
            OutputStream out,
            OutputStream err,
            Map<String, String> environment,
            Terminal terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.terminal = terminal;
    }

    /** Those of this process. */
    static Console system() {
        return new Console(
                System.in,
                new BufferedOutputStream(
                        new FileOutputStream(FileDescriptor.out), OUT_BUFFER_BYTES),
                new BufferedOutputStream(
                        new FileOutputStream(FileDescriptor.err), OUT_BUFFER_BYTES),
                System.getenv(),
                Boolean.getBoolean(TERMINAL_PROPERTY) ? Terminal.YES : Terminal.NO);
    }

    InputStream in() {
        return in;
    }

    boolean isTerminal() {
        return terminal == Terminal.YES;
    }

    /** Empty if it is not set. */
    String environment(String name) {
        return environment.getOrDefault(name, "");
    }

    void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    void print(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing output", e);
        }
    }

    void printLine(String text) {
        print(text);
        print("\n");
    }

    void printError(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing errors", e);
        }
    }

    /** What was printed so far becomes visible. */
    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing output", e);
        }
    }
}
