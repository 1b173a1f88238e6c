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
 * @param leaderName empty if no node that answered leads, or hears one that does
 * @param voterCount of the configuration, as the best informed node knows it
 * @param votersUp how many of them answered, here or the leader
 */
record ClusterView(List<NodeView> nodes, String leaderName, int voterCount, int votersUp) {

    /** The facts about a node that may be reached from elsewhere only. */
    enum Presence {
        /** It answered. */
        UP,
        /** It did not answer here, but it answers the leader. */
        UNSEEN,
        DOWN
    }

    /**
     * One node.
     *
     * @param status its own answer; the default instance if it did not answer
     * @param trouble why it did not answer, or what is wrong with it; empty if nothing is
     */
    record NodeView(
            long nodeId,
            String name,
            String address,
            StatusResult status,
            String trouble,
            Presence presence) {
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
            String cut = cannotReach(status);
            if (!cut.isEmpty()) {
                troubles.add("can't reach " + cut);
            }
            return new NodeView(
                    status.getNodeId(),
                    status.getName(),
                    address,
                    status,
                    String.join(", ", troubles),
                    Presence.UP);
        }

        static NodeView down(
                long nodeId, String name, String address, String trouble, Presence presence) {
            return new NodeView(
                    nodeId, name, address, StatusResult.getDefaultInstance(), trouble, presence);
        }

        NodeView unseen() {
            return new NodeView(
                    nodeId, name, address, status, trouble + " from here", Presence.UNSEEN);
        }

        boolean isUp() {
            return presence == Presence.UP;
        }

        /** Members that nothing of this node's gets to, by name. */
        static String cannotReach(StatusResult status) {
            List<String> names = new ArrayList<>();
            for (MemberStatus member : status.getMembersList()) {
                if (member.getUnreachable()) {
                    names.add(member.getName());
                }
            }
            return String.join(", ", names);
        }

        boolean canReach(NodeView other) {
            for (MemberStatus member : status.getMembersList()) {
                if (member.getNodeId() == other.nodeId() && member.getUnreachable()) {
                    return false;
                }
            }
            return true;
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
            votersUp += member.getVoter() && node.presence() != Presence.DOWN ? 1 : 0;
        }
        addStrangers(answers, nodes);
        nodes.sort((one, other) -> Long.compareUnsigned(one.nodeId(), other.nodeId()));
        String leader = "";
        for (NodeView node : nodes) {
            if (node.isUp() && node.status().getRole().equals("leader")) {
                leader = node.name();
            }
        }
        if (leader.isEmpty()) {
            leader = unseenLeader(nodes);
            String unseen = leader;
            nodes.replaceAll(node -> node.name().equals(unseen) ? node.unseen() : node);
        }
        return new ClusterView(nodes, leader, voterCount, votersUp);
    }

    /** A leader that does not answer here, but that one which does hears with a quorum; empty if there is none. */
    private static String unseenLeader(List<NodeView> nodes) {
        for (NodeView node : nodes) {
            for (NodeView leader : nodes) {
                if (node.status().getQuorumHeard()
                        && !leader.isUp()
                        && leader.nodeId() == node.status().getLeaderId()) {
                    return leader.name();
                }
            }
        }
        return "";
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
        if (member.getLastContactMs() > 0 && !member.getHeard()) {
            trouble += " " + member.getLastContactMs() / 1_000 + "s";
        }
        return member.getHeard()
                ? NodeView.down(
                        member.getNodeId(),
                        member.getName(),
                        address,
                        trouble + " from here, the leader hears it",
                        Presence.UNSEEN)
                : NodeView.down(
                        member.getNodeId(), member.getName(), address, trouble, Presence.DOWN);
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
                nodes.add(NodeView.down(0, "?", answer.getKey(), "unreachable", Presence.DOWN));
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
        return voterCount > 0
                && !leaderName.isEmpty()
                && (votersUp >= quorum() || isLeaderUnseen());
    }

    /** Whether no node that answered belongs to a cluster. */
    private boolean isUnborn() {
        for (NodeView node : nodes) {
            if (node.isUp() && !node.status().getRole().equals("unborn")) {
                return voterCount == 0;
            }
        }
        return true;
    }

    private boolean differ() {
        for (NodeView node : nodes) {
            for (String waitedFor : node.status().getWaitingForList()) {
                if (waitedFor.contains(": its cluster.")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether there is a leader in office which answers nobody here. */
    private boolean isLeaderUnseen() {
        for (NodeView node : nodes) {
            if (node.name().equals(leaderName) && !node.isUp()) {
                return true;
            }
        }
        return false;
    }

    /**
     * A voter whose failure would leave nobody who can reach a quorum, for want of connections between the others; empty
     * if there is none.
     */
    private String indispensable() {
        List<NodeView> up = nodes.stream()
                .filter(node -> node.presence() != Presence.DOWN && node.nodeId() != 0)
                .toList();
        for (NodeView failing : up) {
            boolean survives = false;
            for (NodeView next : up) {
                int reached = 0;
                for (NodeView voter : up) {
                    boolean isMutual = next.canReach(voter) && voter.canReach(next);
                    reached += voter.nodeId() != failing.nodeId() && isMutual ? 1 : 0;
                }
                survives |= next.nodeId() != failing.nodeId() && reached >= quorum();
            }
            if (!survives) {
                return failing.name();
            }
        }
        return "";
    }

    /** The connections that are missing between members that are there. */
    private String missingLinks() {
        List<String> links = new ArrayList<>();
        for (NodeView from : nodes) {
            for (NodeView to : nodes) {
                if (to.presence() != Presence.DOWN && !from.canReach(to)) {
                    links.add(from.name() + " can't reach " + to.name());
                }
            }
        }
        return String.join(", ", links);
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
        if (isUnborn()) {
            return differ()
                    ? "not born yet: the members' configurations differ, see waiting for"
                    : "not born yet: the members have not all met";
        }
        String quorum = "quorum " + votersUp + "/" + voterCount + ": ";
        if (isLeaderUnseen()) {
            return quorum + leaderName + " does not answer here, but leads with a quorum;"
                    + " writes work for clients that reach it";
        }
        if (votersUp < quorum()) {
            int missing = quorum() - votersUp;
            return quorum + "lost; writes and linearizable reads fail until " + missing + " more "
                    + (missing == 1 ? "node is" : "nodes are") + " back";
        }
        if (leaderName.isEmpty()) {
            return quorum + "no leader at the moment; writes wait for an election";
        }
        String writes = leaderHasAlarm("NO_SPACE")
                ? "puts are refused for want of space, "
                : "writes work, ";
        int spare = votersUp - quorum();
        if (voterCount == 1) {
            return quorum + writes + "there is no second node";
        }
        if (spare == 0) {
            return quorum + writes + "one more failure stops them";
        }
        String links = missingLinks();
        if (!links.isEmpty() && !indispensable().isEmpty()) {
            return quorum + writes + "but not after a failure of " + indispensable() + ": " + links;
        }
        return quorum + writes + "and go on after "
                + (spare == 1 ? "one failure" : spare + " failures");
    }

    // A follower's keeps nobody from writing.
    private boolean leaderHasAlarm(String alarm) {
        for (NodeView node : nodes) {
            if (node.isUp()
                    && node.name().equals(leaderName)
                    && node.status().getAlarmsList().contains(alarm)) {
                return true;
            }
        }
        return false;
    }
}
