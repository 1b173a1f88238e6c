package io.kvd.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Runs kvctl in this process. What it printed comes back as one text: output, errors, and the exit code in brackets. */
final class Shell {
    private final TreeMap<String, String> environment = new TreeMap<>();
    private String failure = "";
    private byte[] input = new byte[0];
    private Console.Terminal terminal = Console.Terminal.NO;

    Shell environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Shell input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Shell terminal() {
        terminal = Console.Terminal.YES;
        return this;
    }

    Shell outputFailingWith(String reason) {
        failure = reason;
        return this;
    }

    String run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes) throws IOException {
                if (!failure.isEmpty()) {
                    throw new IOException(failure);
                }
                super.write(bytes);
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new ByteArrayInputStream(input), out, err, environment, terminal);
        ExitCode exitCode = new Kvctl(console).run(words);
        return out.toString(StandardCharsets.UTF_8)
                + err.toString(StandardCharsets.UTF_8)
                + "["
                + exitCode.number()
                + "]";
    }
}
