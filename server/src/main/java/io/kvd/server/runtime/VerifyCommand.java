package io.kvd.server.runtime;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateAudit;
import io.kvd.core.kv.StateView;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;
import io.kvd.server.storage.StateCheck;
import io.kvd.server.storage.StorageOptions;
import io.kvd.server.storage.VerifyDataDir;
import io.kvd.server.storage.VerifyReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code kvd verify}: an offline check of every record, block and row. */
@Command(
        name = "verify",
        description = {
            "Reads every byte of a data directory that no node is using: log records, blocks, rows, and the hash that",
            "the rows must have together. Says what it checked and found; exits with 11 if anything is damaged."
        },
        footerHeading = "%nExample:%n",
        footer = "  kvd verify --data-dir ./data/n1")
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "The directory; its node must not be running.")
    private Path dataDir = Path.of(".");

    @Override
    public Integer call() {
        VerifyReport report = VerifyDataDir.verify(dataDir, StorageOptions.DEFAULT, Audit::new);
        PrintWriter out = spec.commandLine().getOut();
        for (NodeRecord node : report.node()) {
            out.printf(
                    "node    id %d, cluster %s, clusterId %s, incarnation %d%n",
                    node.nodeId(),
                    node.clusterName(),
                    node.born() ? node.clusterId().toHex() : "none: unborn",
                    node.incarnation());
            if (!node.olderCopy().isEmpty()) {
                out.printf("        an older copy, never to be started: %s%n", node.olderCopy());
            }
        }
        out.printf(
                "log     %d files, %d entries, %d bytes%n",
                report.log().files(), report.log().entries(), report.log().entryBytes());
        for (VerifyReport.GroupContents group : report.groups()) {
            out.printf(
                    "group   %d: log from index %d to %d of term %d%n",
                    group.groupId(),
                    group.firstLogEntry(),
                    group.last().index(),
                    group.last().term());
            for (VerifyReport.StateContents state : group.state()) {
                out.printf(
                        "state   %d files, %d rows, %d bytes, applied index %d term %d, hash %s%n",
                        state.files(),
                        state.rows(),
                        state.rowBytes(),
                        state.summary().applied().index(),
                        state.summary().applied().term(),
                        state.summary().stateHash().toHex());
            }
        }
        for (VerifyReport.Finding finding : report.findings()) {
            out.printf("DAMAGE  %s: %s%n", finding.where(), finding.what());
        }
        out.println(
                report.isWhole()
                        ? "whole: nothing is damaged"
                        : report.findings().size()
                                + " findings; a member's data can be had again from the others");
        out.flush();
        return (report.isWhole() ? ExitCode.OK : ExitCode.DAMAGE_FOUND).number();
    }

    /** The rows' own check: each decodes, and together they have the hash that the state says. */
    private static final class Audit implements StateCheck {
        private long rows;

        @Override
        public void row(Bytes key, Bytes value) {
            rows++;
        }

        @Override
        public VerifyReport.StateSummary finish(StateView view) {
            if (rows == 0) {
                // Never flushed: all of it is in the log, which the caller checks to reach back
                // that far.
                return new VerifyReport.StateSummary(EntryId.NONE, Bytes.EMPTY);
            }
            StateAudit audit = StateAudit.of(view);
            return new VerifyReport.StateSummary(audit.applied(), audit.stateHash());
        }
    }
}
