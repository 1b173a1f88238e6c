package io.kvd.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.kvd.bench.local.Servers;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A report as JSON: all that was measured, each measurement with its histogram in HdrHistogram's own compressed form,
 * so that any figure can be made from it. Latencies in nanoseconds. What is not known is null.
 */
public final class JsonReport {
    private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

    private final Report report;

    public JsonReport(Report report) {
        this.report = report;
    }

    public String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("command", report.command());
            json.writeObjectFieldStart("conditions");
            for (Map.Entry<String, String> condition : report.conditions().entrySet()) {
                json.writeStringField(condition.getKey(), condition.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("targets");
            for (Servers.Description target : report.targets()) {
                write(json, target);
            }
            json.writeEndArray();
            json.writeFieldName("remarks");
            json.writeArray(
                    report.remarks().toArray(String[]::new), 0, report.remarks().size());
            json.writeArrayFieldStart("measurements");
            for (Measurement measurement : report.measurements()) {
                write(json, measurement);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonGenerator json, Servers.Description target) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", target.name());
        json.writeStringField("version", target.version());
        json.writeNumberField("nodes", target.nodes());
        json.writeStringField("remark", target.remark());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Measurement measurement) throws IOException {
        json.writeStartObject();
        json.writeStringField("target", measurement.target());
        json.writeStringField("workload", measurement.step().workload().toString());
        json.writeStringField("keyChoice", measurement.step().keyChoice().toString());
        json.writeStringField("load", measurement.step().load().toString());
        json.writeNumberField("round", measurement.round());
        number(json, "fsyncMicros", measurement.fsyncMicros());
        Window total = measurement.total();
        number(json, "seconds", total.seconds());
        json.writeNumberField("operations", total.latencies().getTotalCount());
        number(json, "opsPerSecond", total.opsPerSecond());
        json.writeNumberField("failures", total.failures());
        json.writeNumberField("missing", total.missing());
        json.writeNumberField("putBytes", total.writtenBytes());
        writeLatencies(json, total.latencies());
        write(json, measurement.usage());
        writeRates(json, "warmupOpsPerSecond", measurement.warmup());
        writeRates(json, "iterationOpsPerSecond", measurement.iterations());
        json.writeEndObject();
    }

    private static void writeLatencies(JsonGenerator json, Histogram latencies) throws IOException {
        json.writeObjectFieldStart("latencyNanos");
        for (Double percentile : PERCENTILES) {
            json.writeNumberField(
                    "p" + percentile.toString().replaceFirst("[.]0$", ""),
                    latencies.getValueAtPercentile(percentile));
        }
        json.writeNumberField("max", latencies.getMaxValue());
        number(json, "mean", latencies.getMean());
        ByteBuffer encoded = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(encoded);
        json.writeStringField(
                "histogram",
                Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length)));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Usage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        number(json, "seconds", usage.seconds());
        json.writeNumberField("processors", usage.processors());
        number(json, "serverCpuSeconds", usage.serverCpuSeconds());
        number(json, "clientCpuSeconds", usage.clientCpuSeconds());
        number(json, "busyCpuSeconds", usage.busyCpuSeconds());
        number(json, "waitCpuSeconds", usage.waitCpuSeconds());
        number(json, "residentBytes", usage.residentBytes());
        number(json, "writtenBytes", usage.writtenBytes());
        json.writeEndObject();
    }

    private static void writeRates(JsonGenerator json, String name, List<Window> windows)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (Window window : windows) {
            json.writeNumber(Math.round(window.opsPerSecond()));
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}
