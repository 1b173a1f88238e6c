package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.List;

/** How transcripts print nodes, messages and what a Ready says. */
final class TranscriptPrinter {
    private TranscriptPrinter() {}

    static String node(TestNode node) {
        if (!node.isUp()) {
            HardState disk = node.hardState();
            return "n%d down       term %d voted %s, log ..%s"
                    .formatted(node.id, disk.term(), name(disk.votedFor()), node.persistedLast());
        }
        RaftCore core = node.core();
        return "n%d %-13s term %d voted %s leader %s, log %s commit %d"
                .formatted(
                        node.id,
                        core.role(),
                        core.term(),
                        name(core.votedFor()),
                        name(core.leaderId()),
                        log(core),
                        core.commitIndex());
    }

    private static String log(RaftCore core) {
        return core.logStart().equals(EntryId.NONE)
                ? ".." + core.lastId()
                : "(" + core.logStart() + ".." + core.lastId() + "]";
    }

    static String log(TestNode node) {
        List<String> entries = new ArrayList<>();
        node.persistedEntries().forEach(entry -> entries.add(entry(entry)));
        return entries.isEmpty() ? "empty" : String.join("  ", entries);
    }

    private static String entry(Entry entry) {
        String payload = entry.payload().toUtf8();
        return entry.kind() == EntryKind.COMMAND
                ? entry.id() + " '" + payload + "'"
                : entry.id() + " " + entry.kind();
    }

    /** One line for everything that happens, in the order of {@link Ready}. */
    static List<String> ready(TestNode node, Ready ready) {
        List<String> lines = new ArrayList<>();
        for (Ready.RoleChange change : ready.roleChanges()) {
            lines.add("becomes " + change.role() + " of term " + change.term() + leader(change));
        }
        ready.messagesNow().forEach(message -> lines.add("sends    " + message(message)));
        if (ready.hardStateChanged()) {
            HardState hardState = ready.hardState();
            lines.add("persists term %d voted %s"
                    .formatted(hardState.term(), name(hardState.votedFor())));
        }
        if (ready.truncateFrom() > 0) {
            lines.add("deletes  its log from " + ready.truncateFrom());
        }
        if (!ready.entriesToPersist().isEmpty()) {
            lines.add("persists " + runs(ready.entriesToPersist()));
        }
        ready.messagesAfterPersist().forEach(message -> lines.add("sends    " + message(message)));
        if (!ready.committed().isEmpty()) {
            lines.add("applies  " + runs(ready.committed()));
        }
        ready.confirmedReads()
                .forEach(read -> lines.add(
                        "confirms read " + read.id().counter() + " at index " + read.readIndex()));
        ready.refusedReads().forEach(read -> lines.add("refuses  read " + read.counter()));
        return lines.stream().map(line -> "n" + node.id + " " + line).toList();
    }

    private static String leader(Ready.RoleChange change) {
        boolean isNamed = change.role() == RoleName.FOLLOWER && change.leaderId() != NodeId.NONE;
        return isNamed ? ", leader " + name(change.leaderId()) : "";
    }

    static String message(Message message) {
        return "%d>%d %s term %d%s"
                .formatted(
                        message.from(),
                        message.to(),
                        message.getClass().getSimpleName(),
                        message.term(),
                        details(message));
    }

    private static String details(Message message) {
        if (message instanceof Message.AppendEntries m) {
            String entries = m.entries().isEmpty() ? "" : ": " + runs(m.entries());
            return " after %s commit %d%s%s"
                    .formatted(m.previous(), m.commitIndex(), round(m.round()), entries);
        } else if (message instanceof Message.AppendAccepted m) {
            return " match %d%s".formatted(m.matchIndex(), round(m.round()));
        } else if (message instanceof Message.AppendRejected m) {
            return " not after %d, perhaps %s%s"
                    .formatted(m.rejectedIndex(), m.hint(), round(m.round()));
        } else if (message instanceof Message.PreVoteRequest m) {
            return " for term %d, last %s".formatted(m.campaignTerm(), m.last());
        } else if (message instanceof Message.PreVoteReply m) {
            return " for term %d: %s".formatted(m.campaignTerm(), m.vote());
        } else if (message instanceof Message.VoteRequest m) {
            return ", last %s%s".formatted(m.last(), reason(m.reason()));
        } else if (message instanceof Message.VoteReply m) {
            return ": " + m.vote();
        } else if (message instanceof Message.ReadIndexRequest m) {
            return " for reads " + reads(m.reads());
        } else if (message instanceof Message.ReadIndexReply m) {
            return " for reads %s: index %d".formatted(reads(m.reads()), m.readIndex());
        } else if (message instanceof Message.ReadIndexRefused m) {
            return " for reads " + reads(m.reads());
        }
        return "";
    }

    private static String round(long round) {
        return round == 0 ? "" : " round " + round;
    }

    private static String reason(Message.CampaignReason reason) {
        return reason == Message.CampaignReason.TRANSFER ? ", as asked" : "";
    }

    private static String reads(List<ReadId> reads) {
        return reads.stream().map(read -> "" + read.counter()).toList().toString();
    }

    private static String runs(List<Run> runs) {
        List<String> entries = new ArrayList<>();
        for (Run run : runs) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                entries.add(entry(run.entry(index)));
            }
        }
        return String.join(", ", entries);
    }

    private static String name(long nodeId) {
        return nodeId == NodeId.NONE ? "-" : "n" + nodeId;
    }
}
