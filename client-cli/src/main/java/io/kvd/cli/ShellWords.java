package io.kvd.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a line into words as a POSIX shell does: blanks separate, single quotes keep everything, double quotes keep all
 * but {@code \"} and {@code \\}, a backslash outside of quotes keeps the next character. Nothing is expanded.
 */
final class ShellWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int next;

    private ShellWords(String line) {
        this.line = line;
    }

    /** No words for an empty line or a comment. @throws Failure a quote is not closed */
    static List<String> split(String line) {
        ShellWords words = new ShellWords(line);
        words.split();
        return words.words;
    }

    private void split() {
        while (next < line.length()) {
            char c = line.charAt(next++);
            if (c == ' ' || c == '\t' || c == '\r') {
                endWord();
            } else if (c == '#' && !inWord) {
                break;
            } else {
                inWord = true;
                take(c);
            }
        }
        endWord();
    }

    private void take(char c) {
        switch (c) {
            case '\'' -> takeUntilSingleQuote();
            case '"' -> takeUntilDoubleQuote();
            case '\\' -> word.append(after("a backslash"));
            default -> word.append(c);
        }
    }

    private void takeUntilSingleQuote() {
        for (char c = after("'"); c != '\''; c = after("'")) {
            word.append(c);
        }
    }

    private void takeUntilDoubleQuote() {
        for (char c = after("\""); c != '"'; c = after("\"")) {
            if (c == '\\'
                    && next < line.length()
                    && (line.charAt(next) == '"' || line.charAt(next) == '\\')) {
                c = line.charAt(next++);
            }
            word.append(c);
        }
    }

    private char after(String opening) {
        if (next >= line.length()) {
            throw Failure.usage("the line ends after " + opening, "close it on the same line");
        }
        return line.charAt(next++);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
