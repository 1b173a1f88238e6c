package io.kvd.bench.processes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** {@code kvd demo} as a user meets it: real processes, and what it prints typed in. */
@Tag("slow")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoTest {
    private static final int NODES = 3;

    @TempDir
    private Path temporary;

    private DemoProcess demo = DemoProcess.notStarted();

    @BeforeEach
    void start() throws Exception {
        demo = DemoProcess.start(NODES, temporary);
    }

    @AfterEach
    void leaveNothing() {
        demo.killAll();
    }

    @Test
    void whatItPrintsCanBeTypedInAndWorks() throws Exception {
        List<String> commands = demo.awaitGuide();

        assertThat(commands).hasSize(3);
        assertThat(demo.kvctl(commands.get(0))).startsWith("OK");
        assertThat(demo.kvctl(commands.get(1))).isEqualTo("world");
        assertThat(demo.kvctl(commands.get(2)))
                .contains("leader")
                .contains("quorum 3/3: writes work");
    }

    @Test
    void noJvmWarnsAboutLibraries() throws Exception {
        demo.awaitGuide();

        assertThat(demo.lines()).noneMatch(line -> line.contains("WARNING:"));
    }

    @Test
    void whenTheLeaderIsKilledTheOthersGoOnAndItSaysHowToStartItAgain() throws Exception {
        List<String> commands = demo.awaitGuide();
        demo.kvctl(commands.get(0));
        String leader = demo.leader(commands.get(2));

        demo.kill(leader);

        assertThat(demo.awaitLine(leader + " | ended"))
                .contains("exit code 137; again: bin/kvd start --config " + temporary)
                .endsWith(leader + ".conf");
        assertThat(demo.kvctl(commands.get(1))).isEqualTo("world");
        demo.signal("TERM");
        assertThat(demo.awaitExit()).isZero();
    }

    /** A terminal sends SIGINT to the whole process group, so the nodes get it, too. */
    @Test
    void ctrlCEndsTheNodesAndDeletesTheirData() throws Exception {
        DemoProcess.assumeSigintIsNotIgnored();
        demo.awaitGuide();
        assertThat(temporary).isNotEmptyDirectory();

        demo.signalAll("INT");

        assertThat(demo.awaitExit()).isZero();
        assertThat(demo.running()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void sigtermEndsTheNodesAndDeletesTheirData() throws Exception {
        demo.awaitGuide();

        demo.signal("TERM");

        assertThat(demo.awaitExit()).isZero();
        assertThat(demo.running()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aDemoThatIsStoppedWhileItStartsLeavesNothingEither() throws Exception {
        demo.awaitLine(" | ");

        demo.signal("TERM");

        assertThat(demo.awaitExit()).isZero();
        assertThat(demo.running()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    /** Then it can't delete anything any more; but its nodes must not serve on for ever. */
    @Test
    void aDemoThatIsKilledLeavesNoProcess() throws Exception {
        demo.awaitGuide();

        demo.signal("KILL");

        demo.awaitExit();
        assertThat(demo.awaitEndOfNodes()).isEmpty();
    }
}
