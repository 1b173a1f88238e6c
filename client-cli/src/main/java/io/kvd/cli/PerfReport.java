package io.kvd.cli;

import io.kvd.cli.ClusterView.NodeView;
import io.kvd.cli.PerfVerdict.Unit;

import java.util.ArrayList;
import java.util.List;

/** What {@code kvctl check perf} measured against its limits, as people and as programs read it. */
final class PerfReport {
    private final PerfLoad load;
    private final List<PerfVerdict> verdicts = new ArrayList<>();

    PerfReport(PerfLoad load, PerfLimits limits, PerfCheck.Measurement measured) {
        this.load = load;
        judgeRequests(limits, measured.puts(), measured.gets());
        for (NodeView node : measured.view().nodes()) {
            judgeNode(limits, measured, node);
        }
    }

    private void judgeRequests(PerfLimits limits, OpenLoop.Result puts, OpenLoop.Result gets) {
        long rate = (long) Math.ceil(load.perSecond() * limits.rateShare());
        judge(
                new Check("puts", "putsPerSecond", Unit.PER_SECOND),
                Math.round(puts.perSecond()),
                rate,
                "the cluster does not take that many puts: see in kvctl top what is used up, disk"
                        + " (FSYNC), processors (CPU) or limits.in-flight (BUSY), or ask for less");
        judge(
                new Check("put p99", "putP99Micros", Unit.MICROS),
                puts.latencies().getValueAtPercentile(99),
                limits.putP99Micros(),
                "a put waits for the fsync of a quorum and a round trip within it: see which of"
                        + " both is slow below, else give the nodes, or this machine, more processor time");
        judge(
                new Check("gets", "getsPerSecond", Unit.PER_SECOND),
                Math.round(gets.perSecond()),
                rate,
                "the cluster does not serve that many linearizable gets: give the leader more"
                        + " processor time, or ask for less");
        judge(
                new Check("get p99", "getP99Micros", Unit.MICROS),
                gets.latencies().getValueAtPercentile(99),
                limits.getP99Micros(),
                "a linearizable get waits for a round trip between the leader and a quorum: look"
                        + " for a slow network between the nodes, or for processors that are busy");
        judge(
                new Check("slowest request", "slowestMicros", Unit.MICROS),
                Math.max(puts.latencies().getMaxValue(), gets.latencies().getMaxValue()),
                limits.slowestMicros(),
                "something stood still for so long: look for elections (does TERM grow in kvctl"
                        + " status?), stalls (kvctl top) and pauses of machines or collectors");
        String firstFailure =
                puts.firstFailure().isEmpty() ? gets.firstFailure() : puts.firstFailure();
        judge(
                new Check("failed requests", "failedRequests", Unit.COUNT),
                puts.failed() + gets.failed(),
                0,
                "look into the nodes' logs; the first failure was: " + firstFailure);
    }

    private void judgeNode(PerfLimits limits, PerfCheck.Measurement measured, NodeView node) {
        String address = node.address();
        long fsyncMicros = Durations.micros(
                measured.figures().getOrDefault(address, NodeFigures.NONE).fsyncP99Seconds());
        Long roundTripMicros =
                measured.roundTripMicros().getOrDefault(address, PerfVerdict.UNKNOWN);
        if (roundTripMicros == PerfVerdict.UNKNOWN) {
            judge(
                    new Check("round trip", "roundTripMicros", Unit.MICROS).of(node),
                    PerfVerdict.UNKNOWN,
                    limits.roundTripMicros(),
                    "the node does not answer: is it up, and does the network reach it? kvctl -e "
                            + address + " ping");
            return;
        }
        judge(
                new Check("fsync p99", "fsyncP99Micros", Unit.MICROS).of(node),
                fsyncMicros == 0 ? PerfVerdict.UNKNOWN : fsyncMicros,
                limits.fsyncP99Micros(),
                fsyncMicros == 0
                        ? "the node does not tell: it persisted nothing, or is of an older version"
                        : "the disk below node.data-dir takes long to sync: take a faster one, or"
                                + " move away what else writes to it");
        judge(
                new Check("round trip", "roundTripMicros", Unit.MICROS).of(node),
                roundTripMicros,
                limits.roundTripMicros(),
                "the way from here to the node is slow: run the check next to the nodes; if it is"
                        + " as slow between them, so is every write");
    }

    /** What is measured, and whose. */
    private record Check(String check, String name, Unit unit, String node) {
        Check(String check, String name, Unit unit) {
            this(check, name, unit, "");
        }

        Check of(NodeView owner) {
            return new Check(check, name, unit, owner.name());
        }
    }

    private void judge(Check what, long value, long limit, String advice) {
        verdicts.add(new PerfVerdict(
                what.check(), what.name(), what.node(), what.unit(), value, limit, advice));
    }

    boolean isFit() {
        return verdicts.stream().allMatch(PerfVerdict::isPassed);
    }

    /** A line for each check, a sentence for each that failed, and the verdict. */
    String text(Settings.Colour colour) {
        Table table = new Table(colour)
                .column("RESULT", Table.Align.LEFT)
                .column("CHECK", Table.Align.LEFT)
                .column("NODE", Table.Align.LEFT)
                .column("MEASURED", Table.Align.RIGHT)
                .column("WANTED", Table.Align.RIGHT);
        StringBuilder advice = new StringBuilder();
        int failed = 0;
        for (PerfVerdict verdict : verdicts) {
            List<String> cells = List.of(
                    verdict.isPassed() ? "PASS" : "FAIL",
                    verdict.check(),
                    verdict.node(),
                    verdict.measured(),
                    verdict.wanted());
            if (verdict.isPassed()) {
                table.row(cells);
            } else {
                failed++;
                table.warningRow(cells);
                String of = verdict.node().isEmpty() ? "" : " of " + verdict.node();
                advice.append(verdict.check())
                        .append(of)
                        .append(": ")
                        .append(verdict.advice())
                        .append('\n');
            }
        }
        String fit = "load " + load.name() + ", " + load.perSecond() + " requests a second";
        String verdict = failed == 0
                ? "fit for " + fit
                : "not fit for " + fit + ": " + failed + " of " + verdicts.size()
                        + " checks failed";
        return table.render() + advice + verdict + "\n";
    }

    /** One line. What could not be measured has no value. */
    String json() {
        Json json = new Json()
                .beginObject()
                .field("load", load.name())
                .field("requestsPerSecond", load.perSecond())
                .field("seconds", load.duration().toSeconds())
                .field("fit", isFit());
        json.name("checks").beginArray();
        for (PerfVerdict verdict : verdicts) {
            json.beginObject().field("check", verdict.name());
            if (!verdict.node().isEmpty()) {
                json.field("node", verdict.node());
            }
            if (verdict.value() != PerfVerdict.UNKNOWN) {
                json.field("value", verdict.value());
            }
            json.field("limit", verdict.limit()).field("passed", verdict.isPassed());
            if (!verdict.isPassed()) {
                json.field("advice", verdict.advice());
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }
}
