package io.kvd.cli;

import io.kvd.client.Operations;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.StatusResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code kvctl status}: asks every member directly, and says what the cluster can do. */
final class StatusCommand implements Command {
    static final String NAME = "status";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Show every member, reachable or not, and what the cluster can do.")
                .description(
                        "One reachable endpoint is enough: the others are found through it, and each is asked for"
                                + " itself. LAG is how many committed entries a node has not applied. FSYNC p99 is that of"
                                + " the last minute; on a terminal, status waits up to two seconds for nodes that must make"
                                + " their figures first, else they have none. In JSON each node's stateHash stands for its state at applied.index: equal on every node at an equal index."
                                + " The exit code is 0 if the cluster takes writes, and 6 if it shows one that does not:"
                                + " no quorum, no leader, or not born yet.")
                .examples("kvctl status", "kvctl -e n1:7400 status -o json");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Settings settings = invocation.settings();
        ClusterView view;
        Map<String, NodeFigures> figures;
        try (Caller caller = Caller.sessionless(settings)) {
            view = ask(caller, settings);
            figures = invocation.console().isTerminal()
                    ? NodeFigures.await(caller, settings, view)
                    : NodeFigures.ask(caller, settings, view);
        }
        if (invocation.isJson()) {
            invocation.console().printLine(StatusReport.json(view, figures));
        } else {
            invocation.console().print(StatusReport.table(view, figures, settings.colour()));
        }
        return view.isWritable() ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    /** The endpoints first, then the members that they name. All of one round are asked at once. */
    static ClusterView ask(Caller caller, Settings settings) {
        Map<String, Outcome<StatusResult>> answers = new TreeMap<>();
        askAll(caller, settings, settings.endpoints(), answers);
        List<String> others = new ArrayList<>();
        for (Outcome<StatusResult> answer : List.copyOf(answers.values())) {
            if (answer instanceof Outcome.Ok<StatusResult> ok) {
                for (MemberStatus member : ok.value().getMembersList()) {
                    String address = member.getClientAddress();
                    if (!address.isEmpty()
                            && !others.contains(address)
                            && !isAnswered(member.getNodeId(), answers)) {
                        others.add(address);
                    }
                }
            }
        }
        others.removeAll(answers.keySet());
        askAll(caller, settings, others, answers);
        for (Outcome<StatusResult> answer : answers.values()) {
            if (answer instanceof Outcome.Ok<StatusResult>) {
                return ClusterView.of(answers);
            }
        }
        throw Failure.of(answers.values().iterator().next(), settings.tried());
    }

    private static void askAll(
            Caller caller,
            Settings settings,
            List<String> addresses,
            Map<String, Outcome<StatusResult>> answers) {
        Map<String, Caller.Pending<StatusResult>> pending = new TreeMap<>();
        for (String address : addresses) {
            pending.put(address, caller.start(Operations.status(address, settings.callOptions())));
        }
        for (Map.Entry<String, Caller.Pending<StatusResult>> entry : pending.entrySet()) {
            answers.put(entry.getKey(), caller.await(entry.getValue()));
        }
    }

    private static boolean isAnswered(long nodeId, Map<String, Outcome<StatusResult>> answers) {
        for (Outcome<StatusResult> answer : answers.values()) {
            if (answer instanceof Outcome.Ok<StatusResult> ok && ok.value().getNodeId() == nodeId) {
                return true;
            }
        }
        return false;
    }
}
