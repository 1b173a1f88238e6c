package io.kvd.simulator.mutant;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** Tells within a second which patches a change of the sources left behind; {@link MutantsTest} takes minutes. */
class MutantPatchesApplyTest {
    @ParameterizedTest
    @MethodSource("mutants")
    void thePatchAppliesToTheSources(Mutant mutant) {
        MutantCompiler compiler = new MutantCompiler(Mutants.root());

        assertThatCode(() -> compiler.patched(mutant)).doesNotThrowAnyException();
    }

    private static List<Mutant> mutants() {
        return Mutants.all();
    }
}
