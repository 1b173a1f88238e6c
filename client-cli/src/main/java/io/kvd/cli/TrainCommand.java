package io.kvd.cli;

import io.kvd.client.io.PracticeServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * {@code kvctl train}, not in the help: does what put and get do, against itself, so that the start script can record
 * the classes they need while no server is around.
 */
final class TrainCommand implements Command {
    static final String NAME = "train";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Load what short commands need.").examples("kvctl train");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        try (PracticeServer server = PracticeServer.start()) {
            Console console = new Console(
                    InputStream.nullInputStream(),
                    OutputStream.nullOutputStream(),
                    OutputStream.nullOutputStream(),
                    Map.of("KVCTL_ENDPOINTS", server.address()),
                    Console.Terminal.NO);
            ExitCode put = new Kvctl(console).run("put", "key", "value");
            ExitCode get = new Kvctl(console).run("get", "key");
            ExitCode json = new Kvctl(console).run("get", "key", "-o", "json");
            boolean right = put == ExitCode.OK && get == ExitCode.OK && json == ExitCode.OK;
            return right ? ExitCode.OK : ExitCode.ERROR;
        } catch (IOException e) {
            throw Failure.local("can't listen on loopback: " + e.getMessage());
        }
    }
}
