package io.kvd.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.judge.Judges.Strictness;
import io.kvd.simulator.judge.Sometimes;
import io.kvd.simulator.run.CrashEnumeration.Extent;
import io.kvd.simulator.world.Door;
import io.kvd.simulator.world.StoreFactory;
import io.kvd.simulator.world.Violation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/**
 * A node may die wherever it has an effect, and again as it restarts. A failure names the run, and the command that
 * does it again.
 */
class CrashEnumerationTest {
    private final StringBuilder told = new StringBuilder();

    @Test
    void nodesDieAnywhereAndTheClusterRecovers() {
        CrashEnumeration enumeration = enumeration(StoreFactory.IN_MEMORY, Extent.SAMPLE);

        enumeration.runAll();

        System.out.println(String.join("\n", enumeration.summary()));
        assertThat(enumeration.failed()).as("%s", told).isEmpty();
        assertThat(enumeration.undecided()).isZero();
        for (Door door : Door.values()) {
            assertThat(enumeration.pointsAt(door)).as("%s", door).isPositive();
        }
    }

    static List<CrashScenario> scenarios() {
        return CrashScenario.all();
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("scenarios")
    void nodesDieEverywhereAndOftenAgain(CrashScenario scenario) {
        CrashEnumeration enumeration =
                enumeration(StoreFactory.IN_MEMORY, new Extent(1, 7, Integer.MAX_VALUE));

        enumeration.run(scenario);

        assertThat(enumeration.failed()).as("%s", told).isEmpty();
        assertThat(enumeration.undecided()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "birth, NO_LEADER_KNOWN",
        "alone, LOG_CUT",
        "three, LOG_CUT",
        "replay-alone, APPLIED_AGAIN",
        "replay, APPLIED_AGAIN",
        "conflict, TAIL_TRUNCATED",
        "catch-up, COMMITTED_ON_BARE_MAJORITY",
        "install, SNAPSHOT_INSTALLED",
        "hand-over, OFFICE_TRANSFERRED",
        "stop, STOPPED",
        "stop-alone, STOPPED",
        "expiry, SESSION_EXPIRED"
    })
    void scenarioComesByWhatItIsThereFor(String scenario, Sometimes what) {
        RunResult result = CrashTrial.parse(scenario)
                .run(Simulator.inMemory(), EventTrace.unread())
                .result();

        assertThat(result.violations()).isEmpty();
        assertThat(result.judged().coverage().of(what)).isPositive();
    }

    @Test
    void flushThatKeepsNothingIsFound() {
        CrashEnumeration enumeration = enumeration(
                id -> new BrokenStores(BrokenStores.Promise.FLUSHED_IS_DURABLE), Extent.SAMPLE);

        enumeration.run(CrashScenario.named("alone"));

        assertThat(enumeration.failed()).isNotEmpty();
        assertThat(told)
                .contains("invariant  a log that nothing damaged is whole")
                .contains("replay     kvd simulate --crash-points alone@n1.");
    }

    @Test
    void termThatARestartForgetsIsFound() {
        CrashEnumeration enumeration = enumeration(
                id -> new BrokenStores(BrokenStores.Promise.TERMS_ARE_REMEMBERED),
                new Extent(3, 1, 0));

        enumeration.run(CrashScenario.named("hand-over"));

        assertThat(enumeration.failed()).isNotEmpty();
        assertThat(told).contains("beyond HardState[term=");
    }

    @Test
    void trialIsTheSameEachTimeAndIsWhatItsTextSays() {
        CrashTrial trial = CrashTrial.parse("three@n2.17.after-lost,n2.3.within");

        RunResult once = trial.run(Simulator.inMemory(), EventTrace.unread()).result();
        RunResult again = trial.run(Simulator.inMemory(), EventTrace.unread()).result();

        assertThat(trial).hasToString("three@n2.17.after-lost,n2.3.within");
        assertThat(once.passed()).isTrue();
        assertThat(again.traceHash()).isEqualTo(once.traceHash());
    }

    @Test
    void crashThatDoesNotComeAboutIsAFailure() {
        CrashTrial trial = CrashTrial.parse("alone@n1.999.within");

        RunResult result = trial.run(Simulator.inMemory(), EventTrace.unread()).result();

        assertThat(result.violations())
                .extracting(Violation::getMessage)
                .containsExactly("n1.999.within did not come about");
    }

    @Test
    void textThatNamesNoTrialIsRefusedWithWhatWouldBeOne() {
        assertThatThrownBy(() -> CrashTrial.parse("four")).hasMessageContaining("birth, three");
        for (String text : List.of(
                "three@",
                "three@n1",
                "three@n1.0.within",
                "three@n1.5.never",
                "three@n4.5.within")) {
            assertThatThrownBy(() -> CrashTrial.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("n1.17.after-lost");
        }
    }

    private CrashEnumeration enumeration(StoreFactory stores, Extent extent) {
        return new CrashEnumeration(
                new Simulator(seed -> stores, Strictness.ALL),
                extent,
                line -> told.append(line).append('\n'));
    }
}
