package io.kvd.server.runtime;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.ClientReply;
import io.kvd.core.raft.Message;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Result;
import io.kvd.protocol.StatusResult;
import io.kvd.server.CapturedLog;

import java.util.List;
import java.util.Locale;

/** How transcripts of nodes print what they log, send and answer. */
final class NodeTranscriptPrinter {
    private static final int SHORT_DIGITS = 8;

    private List<CapturedLog> captured = List.of();
    private int readLines;

    /** From now on log lines are those of this log. */
    void readFrom(CapturedLog log) {
        captured = List.of(log);
        readLines = 0;
    }

    /** What was logged since the last call, but for DEBUG. */
    List<String> newLogLines() {
        List<String> all = captured.get(0).lines();
        List<String> fresh = all.subList(readLines, all.size());
        readLines = all.size();
        return fresh.stream().filter(line -> !line.startsWith("DEBUG")).toList();
    }

    String payload(PeerPayload payload) {
        String what = payload instanceof PeerPayload.OfReplica replica
                ? message(replica.message())
                : hello(((PeerPayload.OfNode) payload).hello());
        return "%d>%d %s".formatted(payload.from(), payload.to(), what);
    }

    String status(ClientReply reply) {
        StatusResult status = parse(reply).getStatus();
        String waiting = status.getWaitingForCount() == 0
                ? ""
                : ", waits for " + String.join(", ", status.getWaitingForList());
        String identity = "%s %-8s start %d, directory %s, cluster %s"
                .formatted(
                        status.getName(),
                        status.getRole(),
                        status.getIncarnation(),
                        shortId(status.getStoreId()),
                        shortId(status.getClusterId()));
        return status.getRole().equals("unborn")
                ? identity + waiting
                : identity
                        + ", term %d leader %s commit %d"
                                .formatted(
                                        status.getTerm(),
                                        status.getLeaderId() == 0
                                                ? "-"
                                                : "n" + status.getLeaderId(),
                                        status.getCommitIndex());
    }

    String reply(ClientReply reply) {
        Reply parsed = parse(reply);
        if (parsed.getCode() != Code.OK) {
            return parsed.getCode() + ": " + parsed.getMessage();
        }
        if (parsed.hasRange()) {
            return parsed.getRange().getKvsCount() == 0
                    ? "OK, no such key"
                    : "OK " + parsed.getRange().getKvs(0).getValue().toStringUtf8();
        }
        return "OK revision " + result(parsed).getRevision();
    }

    private static String message(Message message) {
        return message.getClass().getSimpleName() + " term " + message.term();
    }

    private static String hello(Hello hello) {
        String purpose = hello.purpose().name().toLowerCase(Locale.ROOT);
        String born = hello.born() == Hello.Birthmark.BORN
                ? "born, with the table of " + hello.bootstrap().length() + " bytes"
                : "unborn";
        return "hello (%s) from directory %s, %s"
                .formatted(purpose, shortId(hello.storeId()), born);
    }

    private static String shortId(ByteString id) {
        return shortId(Bytes.of(id.toByteArray()));
    }

    private static String shortId(Bytes id) {
        return id.isEmpty() ? "-" : id.toHex().substring(0, SHORT_DIGITS);
    }

    private static Reply parse(ClientReply reply) {
        try {
            return Reply.parseFrom(reply.body().toArray());
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }

    private static Result result(Reply reply) {
        try {
            return Result.parseFrom(reply.getResult());
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }
}
