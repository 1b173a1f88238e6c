package io.kvd.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.kvd.core.raft.PeerStatus;
import io.kvd.server.metrics.NodeState;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** {@code /status}: one node's own view of itself, as JSON. */
public final class StatusPage {
    private static final JsonFactory JSON = new JsonFactory();

    private StatusPage() {}

    /**
     * What the page shows.
     *
     * @param notReady why clients had better ask another node; empty if they need not
     * @param alarms what an operator must look at
     * @param members names by node id, this node too
     * @param tickMs of {@link PeerStatus#ticksSinceAnswer}
     */
    public record Facts(
            long nodeId,
            String program,
            String clusterId,
            long uptimeMs,
            String notReady,
            List<String> alarms,
            Map<Long, String> members,
            NodeState state,
            Sizes sizes,
            int tickMs) {}

    /** How large the store is. */
    public record Sizes(long revision, long sessions, long logBytes) {}

    public static String json(Facts facts) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            write(json, facts);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Facts facts) throws IOException {
        NodeState state = facts.state();
        json.writeNumberField("nodeId", facts.nodeId());
        json.writeStringField("name", nameOf(facts.nodeId(), facts));
        json.writeStringField("program", facts.program());
        json.writeStringField("clusterId", facts.clusterId());
        json.writeNumberField("uptimeMs", facts.uptimeMs());
        json.writeBooleanField("ready", facts.notReady().isEmpty());
        json.writeStringField("notReady", facts.notReady());
        json.writeArrayFieldStart("alarms");
        for (String alarm : facts.alarms()) {
            json.writeString(alarm);
        }
        json.writeEndArray();
        json.writeStringField("role", state.role());
        json.writeNumberField("term", state.term());
        json.writeNumberField("leaderId", state.leaderId());
        json.writeStringField(
                "leader", state.leaderId() == 0 ? "" : nameOf(state.leaderId(), facts));
        json.writeNumberField("firstIndex", state.indexes().first());
        json.writeNumberField("lastIndex", state.indexes().last());
        json.writeNumberField("commitIndex", state.indexes().commit());
        json.writeNumberField("appliedIndex", state.indexes().applied());
        json.writeNumberField("revision", facts.sizes().revision());
        json.writeNumberField("sessions", facts.sizes().sessions());
        json.writeNumberField("logBytes", facts.sizes().logBytes());
        json.writeArrayFieldStart("peers");
        for (PeerStatus peer : state.peers()) {
            json.writeStartObject();
            json.writeNumberField("nodeId", peer.nodeId());
            json.writeStringField("name", nameOf(peer.nodeId(), facts));
            json.writeNumberField("matchIndex", peer.matchIndex());
            json.writeNumberField("lagEntries", state.lagOf(peer.nodeId()));
            json.writeNumberField("lastContactMs", peer.ticksSinceAnswer() * facts.tickMs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String nameOf(long nodeId, Facts facts) {
        return facts.members().getOrDefault(nodeId, "node " + nodeId);
    }
}
