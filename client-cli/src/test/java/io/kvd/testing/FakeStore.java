package io.kvd.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.DeleteResult;
import io.kvd.protocol.EmptyResult;
import io.kvd.protocol.Figure;
import io.kvd.protocol.FiguresResult;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PingResult;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;
import io.kvd.protocol.StatusResult;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A small store with sessions, to be shared by the fake nodes of one cluster. */
public final class FakeStore implements FakeServer.Script {
    private static final int MAX_PAGE_ROWS = 3;

    private final NavigableMap<ByteString, KeyValue> rows =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final Map<String, Result> kept = new HashMap<>();
    private final Set<Long> sessions = new HashSet<>();
    private final Map<ByteString, Long> nonces = new HashMap<>();
    private long revision = 1;
    private long lastSession = 100;
    private StatusResult status = StatusResult.getDefaultInstance();
    private FiguresResult figures = FiguresResult.getDefaultInstance();
    private double writesMore;

    /** What a status request is answered with. */
    public synchronized FakeStore status(StatusResult newStatus) {
        status = newStatus;
        return this;
    }

    /** With each look at its figures, it has carried out so many writes more. */
    public synchronized FakeStore writesMoreEachLook(double more) {
        writesMore = more;
        return this;
    }

    private FiguresResult figures() {
        double before =
                figures.getFiguresCount() == 0 ? 0 : figures.getFigures(0).getValue();
        figures = FiguresResult.newBuilder()
                .addFigures(figure(
                        "kvd_request_total_seconds_count{op=\"write\"}", before + writesMore))
                .addFigures(figure("kvd_log_persist_seconds_p99", 0.00054))
                .build();
        return figures;
    }

    private static Figure figure(String name, double value) {
        return Figure.newBuilder().setName(name).setValue(value).build();
    }

    public synchronized void expireSessions() {
        sessions.clear();
    }

    public synchronized int sessionCount() {
        return sessions.size();
    }

    /** How often the key was put since it was absent. */
    public synchronized long version(String key) {
        KeyValue row = rows.get(ByteString.copyFromUtf8(key));
        return row == null ? 0 : row.getVersion();
    }

    @Override
    public synchronized Optional<Reply.Builder> answer(Request request) {
        Reply.Builder reply = Reply.newBuilder().setCode(Code.OK);
        return Optional.of(
                switch (request.getBodyCase()) {
                    case COMMAND -> reply.setResult(write(request).toByteString());
                    case RANGE -> reply.setRange(range(request.getRange()));
                    case STATUS -> reply.setStatus(status);
                    case PING -> reply.setPing(PingResult.newBuilder().setProgram("fake"));
                    case FIGURES -> reply.setFigures(figures());
                    default -> reply.setCode(Code.UNSUPPORTED_VERSION);
                });
    }

    private Result write(Request request) {
        if (request.getSessionId() == 0) {
            return apply(request.getCommand());
        }
        if (!sessions.contains(request.getSessionId())) {
            return Result.newBuilder()
                    .setCode(Code.SESSION_EXPIRED)
                    .setRevision(revision)
                    .build();
        }
        String name = request.getSessionId() + "/" + request.getSequence();
        return kept.computeIfAbsent(name, ignored -> apply(request.getCommand()));
    }

    private Result apply(ByteString bytes) {
        Command command;
        try {
            command = Command.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        Result.Builder result = Result.newBuilder().setCode(Code.OK);
        switch (command.getOpCase()) {
            case PUT -> {
                put(command.getPut().getKey(), command.getPut().getValue());
                result.setPut(PutResult.getDefaultInstance());
            }
            case DELETE -> {
                boolean deleted = rows.remove(command.getDelete().getKey()) != null;
                revision += deleted ? 1 : 0;
                result.setDelete(DeleteResult.newBuilder().setDeleted(deleted ? 1 : 0));
            }
            case COMPARE_AND_SET ->
                result.setCompareAndSet(compareAndSet(command.getCompareAndSet()));
            case OPEN_SESSION -> {
                long id = nonces.computeIfAbsent(
                        command.getOpenSession().getNonce(), ignored -> ++lastSession);
                sessions.add(id);
                result.setOpenSession(OpenSessionResult.newBuilder()
                        .setSessionId(id)
                        .setTtlMs(command.getOpenSession().getTtlMs()));
            }
            case CLOSE_SESSION -> {
                sessions.remove(command.getCloseSession().getSessionId());
                result.setEmpty(EmptyResult.getDefaultInstance());
            }
            default -> result.setEmpty(EmptyResult.getDefaultInstance());
        }
        return result.setRevision(revision).build();
    }

    private void put(ByteString key, ByteString value) {
        revision++;
        KeyValue old = rows.get(key);
        rows.put(
                key,
                KeyValue.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setCreateRevision(old == null ? revision : old.getCreateRevision())
                        .setModRevision(revision)
                        .setVersion(old == null ? 1 : old.getVersion() + 1)
                        .build());
    }

    private CompareAndSetResult compareAndSet(CompareAndSetCommand command) {
        KeyValue old = rows.get(command.getKey());
        long current = old == null ? 0 : old.getModRevision();
        if (current != command.getExpectedModRevision()) {
            return CompareAndSetResult.newBuilder()
                    .setCurrentModRevision(current)
                    .build();
        }
        put(command.getKey(), command.getValue());
        return CompareAndSetResult.newBuilder()
                .setSucceeded(true)
                .setCurrentModRevision(revision)
                .build();
    }

    private RangeResult range(RangeRequest range) {
        RangeResult.Builder result = RangeResult.newBuilder().setRevision(revision);
        if (range.getRangeEnd().isEmpty()) {
            KeyValue row = rows.get(range.getKey());
            return row == null ? result.build() : result.addKvs(row).build();
        }
        NavigableMap<ByteString, KeyValue> part = rows.tailMap(range.getKey(), true);
        if (!range.getRangeEnd().equals(ByteString.copyFrom(new byte[1]))) {
            part = part.headMap(range.getRangeEnd(), false);
        }
        if (range.getCountOnly()) {
            return result.setCount(part.size()).build();
        }
        long limit =
                range.getLimit() == 0 ? MAX_PAGE_ROWS : Math.min(MAX_PAGE_ROWS, range.getLimit());
        for (KeyValue row : part.values()) {
            if (result.getKvsCount() == limit) {
                return result.setMore(true).setNextKey(row.getKey()).build();
            }
            result.addKvs(range.getKeysOnly() ? row.toBuilder().clearValue().build() : row);
        }
        return result.build();
    }
}
