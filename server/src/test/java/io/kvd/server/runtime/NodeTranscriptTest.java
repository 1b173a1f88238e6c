package io.kvd.server.runtime;

import io.kvd.core.testing.TranscriptFiles;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.util.List;

/** Stories of nodes: how a cluster is born, and who is refused; what each node logs is in them as operators read it. */
class NodeTranscriptTest {
    @TestFactory
    List<DynamicTest> transcripts() throws IOException {
        return TranscriptFiles.tests(() -> new NodeTranscript()::run);
    }
}
