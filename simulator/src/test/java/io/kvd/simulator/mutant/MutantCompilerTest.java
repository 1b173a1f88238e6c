package io.kvd.simulator.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.simulator.mutant.MutantRun.Verdict;

import org.junit.jupiter.api.Test;

/** A patch that would change nothing, or something else than it says, is never taken for a bug. */
class MutantCompilerTest {
    private static final String QUORUM = "core/src/main/java/io/kvd/core/raft/Quorum.java";

    private final MutantCompiler compiler = new MutantCompiler(Mutants.root());

    @Test
    void onlyTheChangedClassesAreCompiled() {
        Mutant mutant = patch("-        return voters / 2 + 1;", "+        return voters;");

        assertThat(compiler.compile(mutant).keySet())
                .containsExactly("io.kvd.core.raft.Quorum", "io.kvd.core.raft.Quorum$VoteResult");
    }

    @Test
    void howFarLinesAreIndentedDoesNotMatter() {
        Mutant mutant = patch("-return voters / 2 + 1;", "+return voters;");

        assertThat(compiler.compile(mutant)).isNotEmpty();
    }

    @Test
    void aPatchIsPutIntoTheClassesThatRun() {
        Mutant mutant = patch("-return voters / 2 + 1;", "+throw new AssertionError(\"planted\");");

        Verdict verdict = new MutantRun(compiler.compile(mutant)).run(1);

        assertThat(verdict.sentence()).contains("planted");
    }

    @Test
    void linesThatAreNotThereFailWithTheMutantsName() {
        Mutant mutant = patch("-        return voters / 3;", "+        return voters;");

        assertThatThrownBy(() -> compiler.compile(mutant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mutant area/planted does not apply: found 0 times");
    }

    @Test
    void linesThatAreThereTwiceFailWithTheMutantsName() {
        Mutant mutant = patch("-    }", "+    } // other");

        assertThatThrownBy(() -> compiler.compile(mutant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mutant area/planted does not apply: found")
                .hasMessageNotContaining("found 0 times");
    }

    @Test
    void aMutantThatDoesNotCompileFailsWithItsName() {
        Mutant mutant = patch("-        return voters / 2 + 1;", "+        return votes;");

        assertThatThrownBy(() -> compiler.compile(mutant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mutant area/planted does not compile");
    }

    @Test
    void aFileWithoutAPlaceToChangeIsNoPatch() {
        assertThatThrownBy(() -> Mutant.parse("area/planted", "Nothing.\n\nsource: none\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mutant area/planted is no patch");
    }

    private static Mutant patch(String... lines) {
        return Mutant.parse(
                "area/planted",
                "A bug.\n\nsource: none\n\n--- " + QUORUM + "\n@@\n" + String.join("\n", lines));
    }
}
