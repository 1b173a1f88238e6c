package io.kvd.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A short run; what it measures means nothing. */
class GroupsCommandTest {
    @Test
    void everyStepIsMeasured() {
        StringWriter out = new StringWriter();

        int code = new CommandLine(new GroupsCommand())
                .setOut(new PrintWriter(out))
                .execute("--groups=3", "--rows=10", "--rounds=2", "--idle=0", "--memory=64");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("# 3 groups", "RESULT opened again", "RESULT idle", "3 snapshots made")
                .containsPattern("RESULT tables: [1-9]");
    }
}
