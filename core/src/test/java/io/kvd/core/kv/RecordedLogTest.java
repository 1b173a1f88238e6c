package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;
import io.kvd.protocol.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * P7: what an entry does never changes. Each release records a log (the bytes of one run, compressed) beside what it
 * came to; every later program must come to the same, in batches of any size. A failure here is a bug in the change
 * that caused it, never a reason to record anew. A release adds its file with
 * {@code mvn -pl core -am test -Dtest=RecordedLogTest -Drecorded-log.write=vX.Y.Z}.
 */
class RecordedLogTest {
    private static final List<String> RELEASES = List.of("v0.1.0");
    private static final List<Integer> BATCH_ENTRIES = List.of(1, 7, 64, 1_000);
    private static final Path DIRECTORY = Path.of("src/test/resources/recorded-logs");

    @ParameterizedTest(name = "{0} in batches of {1}")
    @MethodSource("replays")
    void aRecordedLogComesToTheSameStateAndAnswers(String release, int batchEntries) {
        Run log = Run.decode(TestLog.GROUP, read(release));

        assertThat(outcome(log, batchEntries)).isEqualTo(expected(release));
    }

    static Stream<Arguments> replays() {
        return RELEASES.stream()
                .flatMap(release ->
                        BATCH_ENTRIES.stream().map(entries -> Arguments.of(release, entries)));
    }

    @Test
    @EnabledIfSystemProperty(named = "recorded-log.write", matches = "v\\d+\\.\\d+\\.\\d+")
    void writeTheLogOfANewRelease() throws IOException {
        String release = System.getProperty("recorded-log.write");
        Path file = DIRECTORY.resolve(release + ".log.gz");
        assertThat(file).as("what a release recorded stays").doesNotExist();
        Run log = randomLog();
        Files.createDirectories(DIRECTORY);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(log.encoded().toArray());
        }
        Files.writeString(DIRECTORY.resolve(release + ".expected"), outcome(log, 100));
    }

    /** Diverse entries first, then open sessions up to the bound of the feature level and over it. */
    private static Run randomLog() {
        TestReplica replica = new TestReplica();
        RandomLog entries = new RandomLog(
                replica.log(),
                new SplittableRandom(20_261_121),
                SessionRules.LEVEL_1.maxUnanswered());
        for (int step = 0; step < 4_000; step++) {
            entries.append(replica.machine().expirable(replica.log().logTimeMs(), 10));
            for (Answer answer : replica.catchUp(1)) {
                entries.answered(TestReplica.parse(answer, Result.getDefaultInstance()));
            }
        }
        int nonce = 1_000_000;
        while (replica.apply(TestLog.openSession(nonce++, 86_400_000)).getCode() == Code.OK) {}
        return replica.log().run(1, replica.log().lastIndex() + 1);
    }

    private static String outcome(Run log, int batchEntries) {
        KvStateMachine machine =
                KvStateMachine.open(TestLog.GROUP, new MemoryStateStore(), 1 << 20);
        Hash128 answers = Hash128.ZERO;
        for (long from = 1; from <= log.lastIndex(); from += batchEntries) {
            Run batch = log.slice(from, Math.min(from + batchEntries, log.lastIndex() + 1));
            for (Answer answer : machine.apply(List.of(batch), List.of()).answers()) {
                answers = answers.then(answer.result());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("applied " + machine.applied());
        lines.add("revision " + machine.revision());
        lines.add("sessions " + machine.sessionCount());
        lines.add("state hash " + machine.stateHash().toHex());
        lines.add("hash of answers " + answers);
        return String.join("\n", lines) + "\n";
    }

    private static Bytes read(String release) {
        try (InputStream file = new GZIPInputStream(resource(release + ".log.gz"))) {
            return Bytes.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String expected(String release) {
        try (InputStream file = resource(release + ".expected")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                RecordedLogTest.class.getResourceAsStream("/recorded-logs/" + name),
                "no recorded log " + name);
    }
}
