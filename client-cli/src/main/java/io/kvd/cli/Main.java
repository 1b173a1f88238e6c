package io.kvd.cli;

/** Where kvctl starts. */
public final class Main {
    private Main() {}

    /** Does what the words say, and ends the process with the exit code that tells how it went. */
    public static void main(String[] words) {
        // By name: the class itself would bring the logging that it is to keep away.
        System.setProperty("java.util.logging.manager", "io.kvd.cli.NoLogging");
        System.exit(new Kvctl(Console.system()).run(words).number());
    }
}
