package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;
import io.kvd.core.base.Bytes;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.StatusResult;
import io.kvd.protocol.TransferStatus;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A cluster's status as people and as programs read it. */
final class StatusReport {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private StatusReport() {}

    /** @param figures by address */
    static String table(
            ClusterView view, Map<String, NodeFigures> figures, Settings.Colour colour) {
        Table table = new Table(colour)
                .column("NODE", Table.Align.LEFT)
                .column("ADDRESS", Table.Align.LEFT)
                .column("ROLE", Table.Align.LEFT)
                .column("TERM", Table.Align.RIGHT)
                .column("COMMIT", Table.Align.RIGHT)
                .column("APPLIED", Table.Align.RIGHT)
                .column("LAG", Table.Align.RIGHT)
                .column("LOG", Table.Align.RIGHT)
                .column("DB SIZE", Table.Align.RIGHT)
                .column("FSYNC p99", Table.Align.RIGHT)
                .column("VERSION", Table.Align.LEFT)
                .column("ALARMS", Table.Align.LEFT);
        long commitIndex = view.commitIndex();
        for (NodeView node : view.nodes()) {
            if (node.isUp()) {
                table.row(cells(node, figuresOf(node, figures), commitIndex));
            } else {
                table.warningRow(table.sparse(
                        List.of(node.name(), node.address(), presence(node)),
                        List.of(node.trouble())));
            }
        }
        return table.render() + view.sentence() + "\n";
    }

    private static String presence(NodeView node) {
        return node.presence().name().toLowerCase(Locale.ROOT);
    }

    private static List<String> cells(NodeView node, NodeFigures figures, long commitIndex) {
        StatusResult status = node.status();
        return List.of(
                node.name(),
                node.address(),
                status.getRole(),
                Long.toString(status.getTerm()),
                Long.toString(status.getCommitIndex()),
                Long.toString(status.getAppliedIndex()),
                Long.toString(Math.max(0, commitIndex - status.getAppliedIndex())),
                size(status.getLogBytes()),
                size(status.getStateBytes()),
                Durations.show(figures.fsyncP99Seconds()),
                version(status.getProgram()),
                node.trouble().isEmpty() ? Table.NOTHING : node.trouble());
    }

    private static NodeFigures figuresOf(NodeView node, Map<String, NodeFigures> figures) {
        return figures.getOrDefault(node.address(), NodeFigures.NONE);
    }

    /** 1234567 as "1.2 MiB". */
    static String size(long bytes) {
        int unit = 0;
        long tenths = bytes * 10;
        while (tenths >= 10_240 && unit < UNITS.length - 1) {
            tenths = (tenths + 512) / 1_024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
    }

    /** "kvd 0.1.0" as "0.1.0". */
    private static String version(String program) {
        String version = program.startsWith("kvd ") ? program.substring(4) : program;
        return version.isEmpty() ? Table.NOTHING : version;
    }

    static String json(ClusterView view, Map<String, NodeFigures> figures) {
        Json json = new Json().beginObject();
        json.name("quorum")
                .beginObject()
                .field("voters", view.voterCount())
                .field("up", view.votersUp())
                .field("needed", view.quorum())
                .field("leader", view.leaderName())
                .field("writable", view.isWritable())
                .field("sentence", view.sentence())
                .endObject();
        json.name("nodes").beginArray();
        for (NodeView node : view.nodes()) {
            json.beginObject()
                    .field("nodeId", node.nodeId())
                    .field("name", node.name())
                    .field("address", node.address())
                    .field("state", presence(node));
            if (node.isUp()) {
                writeStatus(json, node.status(), view.commitIndex());
                double fsyncP99Seconds = figuresOf(node, figures).fsyncP99Seconds();
                if (fsyncP99Seconds > 0) {
                    json.field("fsyncP99Micros", Durations.micros(fsyncP99Seconds));
                }
            } else {
                json.field("reason", node.trouble());
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static void writeStatus(Json json, StatusResult status, long commitIndex) {
        json.field("role", status.getRole())
                .field("leaderId", status.getLeaderId())
                .field("term", status.getTerm())
                .field("commitIndex", status.getCommitIndex());
        json.name("applied")
                .beginObject()
                .field("term", status.getAppliedTerm())
                .field("index", status.getAppliedIndex())
                .endObject();
        json.field("lagEntries", Math.max(0, commitIndex - status.getAppliedIndex()))
                .field("revision", status.getRevision())
                .field("stateHash", hex(status.getStateHash().toByteArray()))
                .field("featureLevel", status.getFeatureLevel())
                .field("firstIndex", status.getFirstIndex())
                .field("lastIndex", status.getLastIndex())
                .field("flushedIndex", status.getFlushedIndex())
                .field("logBytes", status.getLogBytes())
                .field("stateBytes", status.getStateBytes())
                .field("keysEstimate", status.getKeysEstimate())
                .field("sessions", status.getSessions())
                .field("uptimeMs", status.getUptimeMs())
                .field("version", version(status.getProgram()))
                .field("clusterId", hex(status.getClusterId().toByteArray()))
                .field("storeId", hex(status.getStoreId().toByteArray()))
                .field("incarnation", status.getIncarnation());
        writeTexts(json.name("alarms"), status.getAlarmsList());
        writeTexts(json.name("waitingFor"), status.getWaitingForList());
        writeTexts(
                json.name("cannotReach"),
                status.getMembersList().stream()
                        .filter(MemberStatus::getUnreachable)
                        .map(MemberStatus::getName)
                        .toList());
        json.name("transfers").beginArray();
        for (TransferStatus transfer : status.getTransfersList()) {
            json.beginObject()
                    .field("member", transfer.getMember())
                    .field("incoming", transfer.getIncoming())
                    .field("bytes", transfer.getBytes())
                    .field("totalBytes", transfer.getTotalBytes())
                    .endObject();
        }
        json.endArray();
    }

    private static void writeTexts(Json json, List<String> texts) {
        json.beginArray();
        for (String text : texts) {
            json.value(text);
        }
        json.endArray();
    }

    private static String hex(byte[] bytes) {
        return Bytes.of(bytes).toHex();
    }
}
