package io.kvd.core.raft;

import io.kvd.core.testing.TranscriptFiles;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.util.List;

/** Stories of the protocol: what {@link Transcript} can do, {@link TranscriptFiles} keeps as it is. */
class TranscriptTest {
    @TestFactory
    List<DynamicTest> transcripts() throws IOException {
        return TranscriptFiles.tests(() -> new Transcript()::run);
    }
}
