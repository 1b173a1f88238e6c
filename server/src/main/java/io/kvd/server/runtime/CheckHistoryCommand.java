package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.HistoryFormatException;
import io.kvd.simulator.history.HistoryReader;
import io.kvd.simulator.history.HistoryText;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.linearizability.Budget;
import io.kvd.simulator.linearizability.Counterexample;
import io.kvd.simulator.linearizability.LinearizabilityChecker;
import io.kvd.simulator.linearizability.Verdict;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code kvd check-history}: judges what clients did and saw. */
@Command(
        name = "check-history",
        description = {
            "Says whether a history of client operations is linearizable: whether some order of them that keeps to",
            "their times explains every answer. If not, it names the key, how far an order gets, and what can't come",
            "next, and exits with 9; with 1 if it can't decide with this effort.",
            "",
            "A history has one JSON object a line, times in ns, status ok, fail or unknown; or one event a line, as",
            "Jepsen writes them. All operations and their fields: docs/testing.md.",
            "",
            "  {\"client\":1,\"op\":\"put\",\"key\":\"k\",\"value\":\"v\",\"call\":10,\"return\":25,\"status\":\"ok\"}",
            "  {\"client\":2,\"op\":\"get\",\"key\":\"k\",\"call\":30,\"return\":41,\"status\":\"ok\",\"result\":{\"value\":\"v\"}}",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  kvd check-history history.jsonl")
final class CheckHistoryCommand implements Callable<Integer> {
    /** Enough to see where it stopped; the whole is in the file. */
    private static final int MAX_PRINTED = 10;

    private static final String HELP = "kvd check-history --help shows the form";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FILE", description = "The history.")
    private Path file = Path.of("");

    @Option(
            names = "--effort",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many times the usual steps and memory to spend on a key; 1 if not given.")
    private int effort = 1;

    @Override
    public Integer call() {
        if (effort < 1) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--effort " + effort, "less than nothing", "--effort 10");
        }
        List<Invocation> history = read();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d operations, %d of them unknown, %d failed%n",
                history.size(),
                count(history, Invocation.Unknown.class),
                count(history, Invocation.Failed.class));
        ExitCode exit = print(new LinearizabilityChecker(budget()).check(history), out);
        out.flush();
        return exit.number();
    }

    private static long count(List<Invocation> history, Class<?> outcome) {
        return history.stream().filter(i -> outcome.isInstance(i.outcome())).count();
    }

    private Budget budget() {
        long bytes =
                Math.min(Budget.DEFAULT.bytes() * effort, Runtime.getRuntime().maxMemory() / 2);
        return new Budget(Budget.DEFAULT.steps() * effort, bytes);
    }

    private List<Invocation> read() {
        try (InputStream in = Files.newInputStream(file)) {
            List<Invocation> history = HistoryReader.read(in);
            if (history.isEmpty()) {
                throw unreadable("it holds no operation");
            }
            return history;
        } catch (HistoryFormatException malformed) {
            throw unreadable("line " + malformed.line() + ": " + malformed.getMessage());
        } catch (NoSuchFileException absent) {
            throw unreadable("there is no such file");
        } catch (IOException failure) {
            throw unreadable(String.valueOf(failure.getMessage()));
        }
    }

    private CommandFailed unreadable(String why) {
        return new CommandFailed(ExitCode.USAGE, "can't read the history " + file, why, HELP);
    }

    private static ExitCode print(Verdict verdict, PrintWriter out) {
        if (verdict instanceof Verdict.Linearizable) {
            out.println("linearizable: yes");
            return ExitCode.OK;
        }
        if (verdict instanceof Verdict.Undecided undecided) {
            out.println("linearizable: undecided");
            out.printf("%s: %s; try --effort 10%n", keys(undecided.keys()), undecided.reason());
            return ExitCode.ERROR;
        }
        out.println("linearizable: no");
        Counterexample why = ((Verdict.NotLinearizable) verdict).counterexample();
        out.printf("%s: %s%n", keys(why.keys()), why.what());
        printPrefix(why.prefix(), out);
        why.blocked().stream().limit(MAX_PRINTED).forEach(blocked -> {
            out.println("  " + HistoryText.of(blocked.invocation()));
            if (!blocked.why().isEmpty()) {
                out.println("      " + blocked.why());
            }
        });
        if (why.blocked().size() > MAX_PRINTED) {
            out.printf("  and %d more%n", why.blocked().size() - MAX_PRINTED);
        }
        return ExitCode.CHECK_FAILED;
    }

    private static void printPrefix(List<Invocation> prefix, PrintWriter out) {
        if (!prefix.isEmpty()) {
            out.printf("an order gets as far as %d operations; the last:%n", prefix.size());
            prefix.stream()
                    .skip(Math.max(0, prefix.size() - MAX_PRINTED))
                    .forEach(operation -> out.println("  " + HistoryText.of(operation)));
            out.println("what could come next, and why it can't:");
        }
    }

    private static String keys(List<Bytes> keys) {
        return (keys.size() == 1 ? "key " : "keys ")
                + keys.stream()
                        .limit(MAX_PRINTED)
                        .map(HistoryText::of)
                        .collect(Collectors.joining(", "))
                + (keys.size() > MAX_PRINTED
                        ? " and " + (keys.size() - MAX_PRINTED) + " more"
                        : "");
    }
}
