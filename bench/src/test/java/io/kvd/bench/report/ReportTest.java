package io.kvd.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.kvd.bench.local.Servers;
import io.kvd.bench.workload.KeyChoice;
import io.kvd.bench.workload.Load;
import io.kvd.bench.workload.Step;
import io.kvd.bench.workload.Workload;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

class ReportTest {
    private static final Step PUT =
            new Step(Workload.PUT, KeyChoice.UNIFORM, new Load.InFlight(64));
    private static final Usage UNKNOWN =
            new Usage(2, 2, Double.NaN, 0.5, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    private static final Usage KNOWN = new Usage(2, 2, 1.5, 0.5, 3, 0.5, 300 << 20, 6_000_000);

    private final Report report = new Report(
            "kvbench local --peers <none> & \"all\"",
            Map.of("memory", "24 GiB"),
            List.of(
                    new Servers.Description("kvd", "1.0", 3, "fsynced"),
                    new Servers.Description("etcd", "", 1, "remark & co")),
            List.of("redis left out"),
            List.of(
                    measurement("kvd", 1, 2_000, KNOWN),
                    measurement("etcd", 1, 800, UNKNOWN),
                    measurement("kvd", 2, 4_000, KNOWN),
                    measurement("etcd", 2, 600, UNKNOWN),
                    measurement("kvd", 3, 3_000, KNOWN),
                    measurement("etcd", 3, 700, UNKNOWN)));

    @Test
    void ratesAreMediansOfRoundsAndLatenciesOfAllRequests() {
        Row kvd = report.rows().get(0);
        Row etcd = report.rows().get(1);

        assertThat(kvd.opsPerSecond()).isEqualTo(1_500);
        assertThat(kvd.minOpsPerSecond()).isEqualTo(1_000);
        assertThat(kvd.maxOpsPerSecond()).isEqualTo(2_000);
        assertThat(kvd.all().latencies().getTotalCount()).isEqualTo(9_000);
        // 4,000 requests took 1 to 4,000 µs, 3,000 of them up to 3,000, 2,000 up to 2,000.
        assertThat(kvd.all().latencyMs(100)).isCloseTo(4, within(0.01));
        assertThat(kvd.all().latencyMs(50)).isCloseTo(1.5, within(0.01));
        assertThat(report.timesFirst(etcd)).isCloseTo(350 / 1_500.0, within(1e-9));
    }

    @Test
    void resourcesStandBesideEachFigure() {
        Row kvd = report.rows().get(0);

        assertThat(kvd.serverCpuPerKop()).isCloseTo(0.5, within(1e-9));
        assertThat(kvd.writtenPerByte()).isCloseTo(6_000_000 / 270_000.0, within(1e-9));
        assertThat(kvd.median(m -> m.usage().othersPercent())).isCloseTo(25, within(1e-9));
    }

    @Test
    void rateThatRoseAfterTheWarmupIsDoubted() {
        Window slow = window(800);
        Window fast = window(1_000);
        Report rising = new Report(
                "",
                Map.of(),
                report.targets(),
                List.of(),
                List.of(
                        new Measurement(
                                "kvd", PUT, 1, List.of(slow, slow), List.of(fast), KNOWN, 100),
                        new Measurement(
                                "etcd", PUT, 1, List.of(fast, fast), List.of(slow), KNOWN, 100)));

        assertThat(rising.doubts())
                .containsExactly(
                        "kvd, put, 64 in flight: the rate rose by 25 % after the warm-up, which was too short");
        assertThat(new MarkdownReport(rising).page()).contains("rose by 25 %");
        assertThat(report.doubts()).isEmpty();
    }

    @Test
    void tableHasALineForEachTargetAndADashForWhatIsNotKnown() {
        List<String> lines = new MarkdownReport(report).table().lines().toList();

        assertThat(lines).hasSize(4);
        assertThat(lines.get(2))
                .startsWith("| put | 64 in flight | kvd, 3 nodes | 1,500 (1,000–2,000) | 1.00× |");
        assertThat(lines.get(3))
                .startsWith("| put | 64 in flight | etcd, 1 node | 350 (300–400) | 0.23× |")
                .contains("| - |");
    }

    @Test
    void jsonHoldsEveryMeasurementAndItsHistogram() throws Exception {
        List<Long> operations = new ArrayList<>();
        List<Histogram> histograms = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(new JsonReport(report).text())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_INT
                        && "operations".equals(json.currentName())) {
                    operations.add(json.getLongValue());
                }
                if (token == JsonToken.VALUE_STRING && "histogram".equals(json.currentName())) {
                    histograms.add(Histogram.decodeFromCompressedByteBuffer(
                            ByteBuffer.wrap(Base64.getDecoder().decode(json.getText())), 1));
                }
            }
        }

        assertThat(operations).containsExactly(2_000L, 800L, 4_000L, 600L, 3_000L, 700L);
        assertThat(histograms).extracting(Histogram::getTotalCount).isEqualTo(operations);
    }

    @Test
    void pageIsWellFormedAndNeedsNothingFromElsewhere() throws Exception {
        String page = new HtmlReport(report).page();

        Document document = parse(page);
        // Rates, latencies and the warm-up of the one step.
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("tr").getLength()).isEqualTo(3);
        assertThat(page).doesNotContain("http").doesNotContain("url(").doesNotContain("<script");
        assertThat(document.getElementsByTagName("pre").item(0).getTextContent())
                .isEqualTo(report.command());
    }

    @Test
    void everyPointOfAPlotLiesWithinIt() throws Exception {
        var lines = parse(new HtmlReport(report).page()).getElementsByTagName("polyline");

        assertThat(lines.getLength()).isPositive();
        for (int i = 0; i < lines.getLength(); i++) {
            String points = lines.item(i).getAttributes().getNamedItem("points").getNodeValue();
            for (String point : points.split(" ", -1)) {
                String[] xy = point.split(",", -1);
                assertThat(Double.parseDouble(xy[0])).isBetween(0.0, 640.0);
                assertThat(Double.parseDouble(xy[1])).isBetween(0.0, 260.0);
            }
        }
    }

    private static Document parse(String page) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        String body = page.replace("<!DOCTYPE html>\n", "");
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    /** Two seconds, requests of 1 µs, 2 µs, 3 µs and so on, each a put of 90 bytes. */
    private static Measurement measurement(String target, int round, int requests, Usage usage) {
        Window window = window(requests);
        return new Measurement(
                target, PUT, round, List.of(window, window), List.of(window), usage, 100);
    }

    private static Window window(int requests) {
        Histogram latencies = new Histogram(3);
        for (int i = 1; i <= requests; i++) {
            latencies.recordValue(i * 1_000L);
        }
        return new Window(2, latencies, 0, 0, requests * 90L);
    }
}
