package io.kvd.cli;

/** Where kvctl starts. */
public final class Main {
    private Main() {}

    /** Does what the words say, and ends the process with the exit code that tells how it went. */
    public static void main(String[] words) {
        System.exit(new Kvctl(Console.system()).run(words).number());
    }
}
