package io.kvd.simulator.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.HistoryText;
import io.kvd.simulator.history.Invocation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Histories whose verdicts others have found before us (simulator/src/test/resources/histories/README.md). */
class KnownHistoriesTest {
    @ParameterizedTest
    @CsvSource({
        "c01-ok.txt, 58",
        "c01-bad.txt, 38",
        "c10-ok.txt, 337",
        "c10-bad.txt, 405",
        "c50-ok.txt, 1712",
        "c50-bad.txt, 2024",
        "deletes-ok.jsonl, 6",
        "deletes-bad.jsonl, 3",
        "cas-ok.jsonl, 4",
        "cas-bad.jsonl, 2",
        "unknown-ok.jsonl, 5",
        "unknown-bad.jsonl, 5",
        "refused-bad.jsonl, 2",
        "ranges-ok.jsonl, 7",
        "ranges-bad.jsonl, 3",
        "batches-ok.jsonl, 4",
        "batches-bad.jsonl, 3",
        "revisions-bad.jsonl, 2",
    })
    void judgeGivesTheKnownVerdict(String file, int operations) {
        List<Invocation> history = HistoryFiles.read(file);
        LinearizabilityChecker checker = new LinearizabilityChecker(Budget.DEFAULT);

        Verdict verdict = checker.check(history);

        System.out.printf("%s: %d steps%n", file, checker.steps());
        assertThat(history).hasSize(operations);
        assertThat(verdict)
                .isInstanceOf(
                        file.contains("-ok")
                                ? Verdict.Linearizable.class
                                : Verdict.NotLinearizable.class);
    }

    @Test
    void noSaysWhichKeyAndWhatCanNotComeNext() {
        Verdict verdict = new LinearizabilityChecker(Budget.DEFAULT)
                .check(HistoryFiles.read("unknown-bad.jsonl"));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.NotLinearizable.class, no -> {
            Counterexample why = no.counterexample();
            assertThat(why.keys()).containsExactly(Bytes.utf8("k"));
            assertThat(why.prefix())
                    .extracting(invocation -> HistoryText.of(invocation))
                    .containsExactly(
                            "client 1  [0 .. 10] put \"k\" \"a\"  -> ok",
                            "client 2  [11 .. ] put \"k\" \"once\"  outcome unknown",
                            "client 1  [30 .. 40] get \"k\"  -> \"once\"");
            assertThat(why.blocked())
                    .extracting(blocked -> HistoryText.of(blocked.invocation()))
                    .containsExactly("client 1  [41 .. 50] put \"k\" \"b\"  -> ok");
            assertThat(why.blocked().get(0).why())
                    .isEqualTo("after it this could not come: "
                            + "client 1  [51 .. 60] get \"k\"  -> \"once\"");
        });
    }

    @Test
    void smallBudgetIsUndecidedAndNeverYes() {
        List<Invocation> history = HistoryFiles.read("c50-ok.txt");

        for (Budget budget : List.of(new Budget(1_000, 1 << 30), new Budget(1_000_000, 10_000))) {
            Verdict verdict = new LinearizabilityChecker(budget).check(history);

            assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
        }
    }
}
