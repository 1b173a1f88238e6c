package io.kvd.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a directory can tell of a life that somebody saw. */
class LivesTest {
    @Test
    void nothingIsLackingThatWasOneOfTheLives() {
        Lives lives = lives(10, 100);

        for (int i = 1; i <= 10; i++) {
            assertThat(lives.lack(new Life(i, 100 + i))).isFalse();
        }
        assertThat(lives.lack(Life.NONE)).isFalse();
        assertThat(Lives.NONE.lack(Life.NONE)).isFalse();
    }

    @Test
    void laterLifeIsLacking() {
        assertThat(lives(10, 100).lack(new Life(11, 111))).isTrue();
        assertThat(Lives.NONE.lack(new Life(1, 101))).isTrue();
    }

    @Test
    void lifeOfACopyIsLackingThoughItsNumberIsThere() {
        Lives lives = lives(10, 100);

        for (int i = 1; i <= 10; i++) {
            assertThat(lives.lack(new Life(i, 200 + i))).isTrue();
        }
    }

    @Test
    void listIsBoundedAndWhatIsBeforeItIsNotJudged() {
        Lives lives = lives(100, 1000);

        assertThat(lives.nonces()).hasSize(Lives.MAX);
        assertThat(lives.last()).isEqualTo(new Life(100, 1100));
        assertThat(lives.lack(new Life(36, 1))).isFalse();
        assertThat(lives.lack(new Life(37, 1))).isTrue();
        assertThat(lives.lack(new Life(37, 1037))).isFalse();
    }

    @Test
    void listIsAsLongAsThereWereLivesUpToItsBound() {
        assertThatThrownBy(() -> new Lives(3, List.of(1L, 2L)))
                .isInstanceOf(RuntimeException.class);
        assertThat(Lives.isPossible(3, 4)).isFalse();
        assertThat(Lives.isPossible(-1, 0)).isFalse();
        assertThat(Lives.isPossible(1000, 64)).isTrue();
        assertThat(Lives.isPossible(1000, 63)).isFalse();
    }

    @Test
    void ofTwoLivesOfOneNumberTheFirstThatWasSeenIsRemembered() {
        Remembered first = new Remembered(new Life(7, 1), 0, 0);

        assertThat(first.max(new Remembered(new Life(7, 2), 0, 0))).isEqualTo(first);
        assertThat(first.max(new Remembered(new Life(8, 2), 0, 0)).life())
                .isEqualTo(new Life(8, 2));
        assertThat(first.max(new Remembered(new Life(6, 2), 3, 4)))
                .isEqualTo(new Remembered(new Life(7, 1), 3, 4));
    }

    /** So many lives, each with a nonce that follows from its number. */
    private static Lives lives(int starts, long base) {
        Lives lives = Lives.NONE;
        for (int i = 1; i <= starts; i++) {
            lives = lives.next(base + i);
        }
        return lives;
    }
}
