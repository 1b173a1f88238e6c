package io.kvd.simulator.run;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.raft.Message;
import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The last moments of a run as text: a column a node, an arrow a message that arrived, a remark for all else. */
public final class SequenceDiagram implements Observer {
    private static final int MAX_ROWS = 400;
    private static final int COLUMN = 8;

    private final ArrayDeque<String> rows = new ArrayDeque<>();
    private World world;
    private int columns;

    /** For the world that is about to run. */
    public SequenceDiagram(World world) {
        this.world = world;
        this.columns = world.hosts().size();
    }

    /** The rows so far, the last {@value #MAX_ROWS} of them, under their heads. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder(" ".repeat(EventTrace.stamp(0).length() + 1));
        for (int i = 1; i <= columns; i++) {
            head.append(("n" + i + " ".repeat(COLUMN)), 0, COLUMN);
        }
        lines.add(head.toString().stripTrailing());
        lines.addAll(rows);
        return lines;
    }

    private void row(String drawing, String what) {
        rows.addLast(EventTrace.stamp(world.nowNanos()) + " " + drawing + " " + what);
        if (rows.size() > MAX_ROWS) {
            rows.removeFirst();
        }
    }

    private String lifelines() {
        return ("|" + " ".repeat(COLUMN - 1)).repeat(columns);
    }

    private String mark(long nodeId) {
        StringBuilder drawing = new StringBuilder(lifelines());
        drawing.setCharAt((int) (nodeId - 1) * COLUMN, '*');
        return drawing.toString();
    }

    private String arrow(long from, long to) {
        StringBuilder drawing = new StringBuilder(lifelines());
        int left = (int) (Math.min(from, to) - 1) * COLUMN;
        int right = (int) (Math.max(from, to) - 1) * COLUMN;
        for (int i = left + 1; i < right; i++) {
            drawing.setCharAt(i, '-');
        }
        drawing.setCharAt(from < to ? right - 1 : left + 1, from < to ? '>' : '<');
        return drawing.toString();
    }

    @Override
    public void received(NodeProcess process, Message message) {
        row(arrow(message.from(), message.to()), describe(message));
    }

    private static String describe(Message message) {
        String name = message.getClass().getSimpleName() + " t" + message.term();
        if (message instanceof Message.AppendEntries append) {
            int entries =
                    append.entries().stream().mapToInt(run -> run.entryCount()).sum();
            return name + " after " + append.previous() + ", " + entries + " entries, commit "
                    + append.commitIndex();
        } else if (message instanceof Message.AppendAccepted accepted) {
            return name + " match " + accepted.matchIndex();
        } else if (message instanceof Message.VoteReply reply) {
            return name + " " + reply.vote();
        } else if (message instanceof Message.PreVoteReply reply) {
            return name + " " + reply.vote();
        } else if (message instanceof Message.VoteRequest request) {
            return name + " last " + request.last();
        }
        return name;
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.RoleTaken taken) {
            row(
                    mark(process.host().id()),
                    "%s t%d, last %s".formatted(taken.role(), taken.term(), taken.last()));
        } else if (event instanceof NodeEvents.Born) {
            row(mark(process.host().id()), "born");
        }
    }

    @Override
    public void started(NodeProcess process) {
        row(mark(process.host().id()), "starts, life " + process.identity().incarnation());
    }

    @Override
    public void wentDown(Host host) {
        row(mark(host.id()), "is " + host.life());
    }

    @Override
    public void invoked(ClientHost client, Operation operation) {
        row(lifelines(), client + " begins #" + operation.number() + " " + operation.body());
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        row(
                lifelines(),
                client + " ends #" + operation.number() + " "
                        + outcome.getClass().getSimpleName());
    }
}
