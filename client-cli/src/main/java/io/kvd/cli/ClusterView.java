package io.kvd.cli;

import io.kvd.core.client.Outcome;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.StatusResult;
import io.kvd.protocol.TransferStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A cluster as its members' own answers show it.
 *
 * @param nodes by node id
 * @param leaderName empty if no node that answered leads
 * @param voterCount of the configuration, as the best informed node knows it
 * @param votersUp how many of them answered
 */
record ClusterView(List<NodeView> nodes, String leaderName, int voterCount, int votersUp) {

    /**
     * One node.
     *
     * @param status its own answer; the default instance if it did not answer
     * @param trouble why it did not answer, or what is wrong with it; empty if nothing is
     */
    record NodeView(long nodeId, String name, String address, StatusResult status, String trouble) {
        static NodeView up(String address, StatusResult status) {
            List<String> troubles = new ArrayList<>(status.getAlarmsList());
            if (status.getWaitingForCount() > 0) {
                troubles.add("waiting for " + String.join(", ", status.getWaitingForList()));
            }
            for (TransferStatus transfer : status.getTransfersList()) {
                troubles.add("snapshot %s %s: %s of %s"
                        .formatted(
                                transfer.getIncoming() ? "from" : "to",
                                transfer.getMember(),
                                StatusReport.size(transfer.getBytes()),
                                StatusReport.size(transfer.getTotalBytes())));
            }
            return new NodeView(
                    status.getNodeId(),
                    status.getName(),
                    address,
                    status,
                    String.join(", ", troubles));
        }

        static NodeView down(long nodeId, String name, String address, String trouble) {
            return new NodeView(nodeId, name, address, StatusResult.getDefaultInstance(), trouble);
        }

        boolean isUp() {
            return status.getNodeId() != 0;
        }
    }

    ClusterView {
        nodes = List.copyOf(nodes);
    }

    static ClusterView of(Map<String, Outcome<StatusResult>> answers) {
        StatusResult informed = bestInformed(answers);
        List<NodeView> nodes = new ArrayList<>();
        int voterCount = 0;
        int votersUp = 0;
        for (MemberStatus member : informed.getMembersList()) {
            NodeView node = member(member, answers);
            nodes.add(node);
            voterCount += member.getVoter() ? 1 : 0;
            votersUp += member.getVoter() && node.isUp() ? 1 : 0;
        }
        addStrangers(answers, nodes);
        nodes.sort((one, other) -> Long.compareUnsigned(one.nodeId(), other.nodeId()));
        String leader = "";
        for (NodeView node : nodes) {
            if (node.isUp() && node.status().getRole().equals("leader")) {
                leader = node.name();
            }
        }
        return new ClusterView(nodes, leader, voterCount, votersUp);
    }

    /** The leader if it answered, else who applied most. */
    private static StatusResult bestInformed(Map<String, Outcome<StatusResult>> answers) {
        StatusResult best = StatusResult.getDefaultInstance();
        for (Outcome<StatusResult> answer : answers.values()) {
            if (answer instanceof Outcome.Ok<StatusResult> ok && rank(ok.value()) > rank(best)) {
                best = ok.value();
            }
        }
        return best;
    }

    private static long rank(StatusResult status) {
        if (status.getMembersCount() == 0) {
            return -1;
        }
        return status.getRole().equals("leader") ? Long.MAX_VALUE : status.getAppliedIndex();
    }

    private static NodeView member(
            MemberStatus member, Map<String, Outcome<StatusResult>> answers) {
        for (Map.Entry<String, Outcome<StatusResult>> answer : answers.entrySet()) {
            if (answer.getValue() instanceof Outcome.Ok<StatusResult> ok
                    && ok.value().getNodeId() == member.getNodeId()) {
                return NodeView.up(answer.getKey(), ok.value());
            }
        }
        String address = member.getClientAddress().isEmpty()
                ? member.getPeerAddress()
                : member.getClientAddress();
        Outcome<StatusResult> failure = answers.get(member.getClientAddress());
        String trouble = failure instanceof Outcome.Unavailable<StatusResult>
                ? "unreachable"
                : "does not answer";
        if (member.getLastContactMs() > 0) {
            trouble += " " + member.getLastContactMs() / 1_000 + "s";
        }
        return NodeView.down(member.getNodeId(), member.getName(), address, trouble);
    }

    /** Nodes that answered though no list names them: unborn ones, and those of another cluster. */
    private static void addStrangers(
            Map<String, Outcome<StatusResult>> answers, List<NodeView> nodes) {
        for (Map.Entry<String, Outcome<StatusResult>> answer : answers.entrySet()) {
            if (answer.getValue() instanceof Outcome.Ok<StatusResult> ok
                    && !isKnown(ok.value(), nodes)) {
                nodes.add(NodeView.up(answer.getKey(), ok.value()));
            } else if (!(answer.getValue() instanceof Outcome.Ok<StatusResult>)
                    && !isListed(answer.getKey(), nodes)) {
                nodes.add(NodeView.down(0, "?", answer.getKey(), "unreachable"));
            }
        }
    }

    private static boolean isKnown(StatusResult status, List<NodeView> nodes) {
        for (NodeView node : nodes) {
            if (node.nodeId() == status.getNodeId()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isListed(String address, List<NodeView> nodes) {
        for (NodeView node : nodes) {
            if (node.address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** Voters that must be up for anything to be decided. */
    int quorum() {
        return voterCount / 2 + 1;
    }

    boolean isWritable() {
        return voterCount > 0 && votersUp >= quorum() && !leaderName.isEmpty();
    }

    /** The largest index that a node knows to be committed. */
    long commitIndex() {
        long index = 0;
        for (NodeView node : nodes) {
            if (node.isUp()) {
                index = Math.max(index, node.status().getCommitIndex());
            }
        }
        return index;
    }

    /** What the cluster can do and what it can bear, in a sentence. */
    String sentence() {
        if (voterCount == 0) {
            return "not born yet: the members have not all met";
        }
        String quorum = "quorum " + votersUp + "/" + voterCount + ": ";
        if (votersUp < quorum()) {
            int missing = quorum() - votersUp;
            return quorum + "lost; writes and linearizable reads fail until " + missing + " more "
                    + (missing == 1 ? "node is" : "nodes are") + " back";
        }
        if (leaderName.isEmpty()) {
            return quorum + "no leader at the moment; writes wait for an election";
        }
        String writes =
                hasAlarm("NO_SPACE") ? "puts are refused for want of space, " : "writes work, ";
        int spare = votersUp - quorum();
        if (voterCount == 1) {
            return quorum + writes + "there is no second node";
        }
        if (spare == 0) {
            return quorum + writes + "one more failure stops them";
        }
        return quorum + writes + "and go on after "
                + (spare == 1 ? "one failure" : spare + " failures");
    }

    private boolean hasAlarm(String alarm) {
        for (NodeView node : nodes) {
            if (node.isUp() && node.status().getAlarmsList().contains(alarm)) {
                return true;
            }
        }
        return false;
    }
}
