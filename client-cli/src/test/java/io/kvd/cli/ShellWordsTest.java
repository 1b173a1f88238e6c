package io.kvd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void blanksSeparateWords() {
        assertThat(ShellWords.split("  put\ta   1 ")).containsExactly("put", "a", "1");
    }

    @Test
    void quotesKeepBlanksAndMakeEmptyWords() {
        assertThat(ShellWords.split("put 'a b' \"c d\" ''"))
                .containsExactly("put", "a b", "c d", "");
    }

    @Test
    void quotedPartsJoinTheirNeighbours() {
        assertThat(ShellWords.split("a'b c'\"d\"e")).containsExactly("ab cde");
    }

    @Test
    void backslashKeepsTheNextCharacter() {
        assertThat(ShellWords.split("a\\ b \\\"c")).containsExactly("a b", "\"c");
        assertThat(ShellWords.split("\"say \\\"hi\\\" \\n\"")).containsExactly("say \"hi\" \\n");
        assertThat(ShellWords.split("'\\'")).containsExactly("\\");
    }

    @Test
    void commentBeginsAWordOnly() {
        assertThat(ShellWords.split("get a#b # c")).containsExactly("get", "a#b");
        assertThat(ShellWords.split("# all of it")).isEmpty();
    }

    @Test
    void openQuoteIsRefused() {
        assertThatThrownBy(() -> ShellWords.split("put 'a")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> ShellWords.split("put a\\")).isInstanceOf(Failure.class);
    }
}
