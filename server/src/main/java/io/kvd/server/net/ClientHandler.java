package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.EntryFormat;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Request;
import io.kvd.server.net.FrameReader.Verdict;
import io.netty.channel.EventLoop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection after the handshake. Requests are parsed, judged and charged here, and reach the node's loop
 * as one input a read event; answers leave in the order in which they are ready. What the connection makes us hold is
 * its own requests and answers: beyond its share it is not read until answers left. Owned by its net thread.
 */
final class ClientHandler implements Stage {
    /**
     * Frames up to this size are read before they are charged, so that a keep-alive can be told from a write when the
     * budget is used up; larger ones are charged as they arrive.
     */
    static final int UNCHARGED_FRAME_BYTES = 4 << 10;

    /**
     * A frame over the limit, but not larger than this, is read past without being kept, so that its sender is told
     * the limit and its size by the request's id; beyond it the connection is closed.
     */
    private static final int MAX_PASSED_BYTES =
            EntryFormat.MAX_PAYLOAD_BYTES + Wire.CLIENT_FRAME_SLACK_BYTES;

    private static final long DEFAULT_GROUP = 1;
    private static final long BUSY = Long.MAX_VALUE;

    /** Charged with a request for them, since their answers are larger than it: the most that they can take. */
    private static final int STATUS_ANSWER_BYTES = 8 << 10;

    private static final int FIGURES_ANSWER_BYTES = 64 << 10;

    /** What a connection may hold in any case before it is not read: as much as a few looks at the socket bring. */
    private static final int MIN_SHARE_BYTES = 256 << 10;

    /** Tag of {@code Request.request_id}: field 1, fixed64. */
    private static final byte REQUEST_ID_TAG = 0x09;

    private final long connectionId;
    private final Connection connection;
    private final NetContext context;
    private final ClientConnections clients;
    private final Bytes address;

    /** Requests of this read event, for the loop. */
    private List<ClientRequest> batch = new ArrayList<>();
    /** When the first of them was read: one look at the clock for all. */
    private long readNanos;
    /** For the next write. */
    private final List<Bytes> unwritten = new ArrayList<>();
    /** What is held for them, what their requests were charged, and what reads' answers were charged elsewhere. */
    private long unwrittenHeld;

    private long unwrittenCharges;
    private long unwrittenAnswerBytes;
    /** Held for answers that were written and did not leave yet. */
    private long unreadBytes;
    /** Charged for requests that are with the loop, and for answers that were not written yet. */
    private long heldBytes;

    /**
     * Charged for what arrived of the frame that is being read. Not part of {@link #heldBytes}, which may stop the
     * reading: a request must be read to its end to be answered.
     */
    private int arrivedCharge;

    /** The length of the frame that is being read or skipped. */
    private int announcedBytes;

    private boolean paused;
    /** Whether it may ask for everything. Once true it stays so: whose place is taken is closed. */
    private boolean hasPlace;
    /** When it last became idle, or {@link #BUSY}. Written on the net thread. */
    private volatile long idleSinceNanos;

    ClientHandler(Connection connection, NetContext context, ClientConnections clients) {
        this.connectionId = clients.nextId();
        this.connection = connection;
        this.context = context;
        this.clients = clients;
        this.address = Addresses.machine(connection.channel().remoteAddress());
        this.idleSinceNanos = context.nowNanos();
    }

    long connectionId() {
        return connectionId;
    }

    /** The machine that the client is on, as far as an address tells: for IPv6 its network. */
    Bytes address() {
        return address;
    }

    /** For how long it has asked for nothing, with all its answers taken; 0 while it is busy. Any thread. */
    long idleNanos(long nowNanos) {
        long since = idleSinceNanos;
        return since == BUSY ? 0 : nowNanos - since;
    }

    /** Its place is somebody else's now; unless it has something to do again. */
    void closeForAnother() {
        boolean isBusy = heldBytes > 0 || !batch.isEmpty() || arrivedCharge > 0;
        if (isBusy) {
            clients.stays(this);
        } else {
            connection.closeGently(Grievance.IDLE, "all places are taken");
        }
    }

    EventLoop eventLoop() {
        return connection.channel().eventLoop();
    }

    // ---- Requests.

    @Override
    public int maxFrameBytes() {
        return MAX_PASSED_BYTES;
    }

    @Override
    public Verdict frameBegins(int bodyBytes) {
        announcedBytes = bodyBytes;
        return isTooLarge() ? Verdict.SKIP : Verdict.READ;
    }

    private boolean isTooLarge() {
        return announcedBytes > context.options().maxClientFrameBytes();
    }

    /** What was announced and did not come is not charged: else a few slow clients could use the budget up. */
    @Override
    public boolean bodyGrows(int bytes) {
        if (announcedBytes <= UNCHARGED_FRAME_BYTES) {
            return true;
        }
        int charge = arrivedCharge == 0 ? Admission.chargeOf(bytes) : bytes;
        if (!context.admission().tryAcquireShare(heldBytes, charge)) {
            return false;
        }
        arrivedCharge += charge;
        return true;
    }

    @Override
    public void frameSkipped(Bytes head) {
        releaseArrived();
        boolean hasId = head.length() > Long.BYTES && head.byteAt(0) == REQUEST_ID_TAG;
        long requestId = hasId ? Long.reverseBytes(head.longAt(1)) : 0;
        answerHere(
                isTooLarge()
                        ? context.replies().refusal(requestId, tooLargeRefusal(announcedBytes))
                        : context.replies().busy(requestId));
        pauseOrResume();
    }

    @Override
    public void frame(Bytes body) {
        Optional<Request> request = RequestReader.envelope(body);
        if (request.isEmpty()) {
            refuseFrame(Handshakes.refusal(Code.INVALID_ARGUMENT, "the frame is not a Request"));
            connection.closeGently(Grievance.DAMAGED, "not a Request");
        } else {
            take(request.get(), body.length());
        }
        releaseArrived();
        pauseOrResume();
    }

    /** Hands the request to the loop, or answers it here. */
    private void take(Request request, int bodyBytes) {
        long requestId = request.getRequestId();
        RequestReader.Outcome outcome =
                RequestReader.read(request, context.doors().validator());
        boolean isForOperators = outcome instanceof RequestReader.Ping
                || outcome instanceof RequestReader.Figures
                || (outcome instanceof RequestReader.ForLoop forLoop
                        && forLoop.body() instanceof ClientRequest.Status);
        if (!isForOperators && !mayAsk()) {
            answerHere(context.replies().full(requestId));
        } else if (outcome instanceof RequestReader.ForLoop forLoop) {
            admit(request, forLoop.body(), bodyBytes);
        } else if (outcome instanceof RequestReader.Ping) {
            answerHere(context.replies().pong(requestId));
        } else if (outcome instanceof RequestReader.Figures) {
            answerFigures(requestId);
        } else if (outcome instanceof RequestReader.Refused refused) {
            answerHere(context.replies().refusal(requestId, refused.refusal()));
        } else {
            throw new AssertionError("unhandled " + outcome);
        }
    }

    private boolean mayAsk() {
        hasPlace = hasPlace || clients.hasPlace(this);
        return hasPlace;
    }

    private void admit(Request request, ClientRequest.Body body, int bodyBytes) {
        int charge = Admission.chargeOf(bodyBytes);
        if (body instanceof ClientRequest.Status) {
            charge += STATUS_ANSWER_BYTES;
        }
        if (arrivedCharge == 0 && !acquire(charge, body)) {
            answerHere(context.replies().busy(request.getRequestId()));
            return;
        }
        // The loop holds it from here on.
        arrivedCharge = 0;
        heldBytes += charge;
        if (batch.isEmpty()) {
            readNanos = context.nowNanos();
        }
        RequestOrigin origin =
                new RequestOrigin(connectionId, request.getRequestId(), charge, readNanos);
        long groupId = request.getGroupId() == 0 ? DEFAULT_GROUP : request.getGroupId();
        batch.add(new ClientRequest(origin, groupId, deadlineNanos(request.getTimeoutMs()), body));
    }

    private void releaseArrived() {
        context.admission().release(arrivedCharge);
        arrivedCharge = 0;
    }

    /** What keeps a session alive or shows an operator the state passes when the budget is used up. */
    private boolean acquire(int charge, ClientRequest.Body body) {
        boolean vital = body instanceof ClientRequest.Status
                || (body instanceof ClientRequest.Write write
                        && write.command().getOpCase() == Command.OpCase.KEEP_SESSION_ALIVE);
        return vital
                ? context.admission().tryAcquireReserved(charge)
                : context.admission().tryAcquireShare(heldBytes, charge);
    }

    private long deadlineNanos(int timeoutMs) {
        NetOptions.Timeouts timeouts = context.options().timeouts();
        long ms = timeoutMs == 0
                ? timeouts.requestMs()
                : Math.min(Integer.toUnsignedLong(timeoutMs), timeouts.maxRequestMs());
        return readNanos + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Override
    public void tooLarge(long bodyBytes) {
        refuseFrame(tooLargeRefusal(bodyBytes));
    }

    private Refusal tooLargeRefusal(long bodyBytes) {
        int limit = context.options().maxClientFrameBytes();
        return new Refusal(
                Code.TOO_LARGE,
                "the request has %d bytes, the limit is %d".formatted(bodyBytes, limit),
                limit,
                bodyBytes);
    }

    /** Answers a frame whose request id nobody knows: the last words on this connection. */
    private void refuseFrame(Refusal refusal) {
        answerHere(context.replies().refusal(0, refusal));
        writeAnswers();
    }

    @Override
    public void readComplete() {
        if (!batch.isEmpty()) {
            List<ClientRequest> requests = batch;
            batch = new ArrayList<>();
            context.doors().inbox().accept(new NodeInput.ClientRequests(requests));
        }
        writeAnswers();
    }

    // ---- Answers.

    /** An answer that needed no loop. Who takes so many of them without reading any is closed, not remembered. */
    private void answerHere(Bytes body) {
        int bytes = body.length() + Integer.BYTES;
        if (context.admission().tryAcquireLast(bytes)) {
            addAnswer(body, bytes);
        } else {
            connection.close(Grievance.READS_TOO_SLOWLY, "no room for its answers");
        }
    }

    private void addAnswer(Bytes body, int heldForIt) {
        unwritten.add(body);
        unwrittenHeld += heldForIt;
        heldBytes += heldForIt;
    }

    /** Some hundred times as large as the request. */
    private void answerFigures(long requestId) {
        if (context.admission().tryAcquireShare(heldBytes, FIGURES_ANSWER_BYTES)) {
            addAnswer(context.replies().figures(requestId), FIGURES_ANSWER_BYTES);
        } else {
            answerHere(context.replies().busy(requestId));
        }
    }

    /** Takes an answer of the loops; {@link #writeAnswers} follows. */
    void answer(ClientReply reply) {
        unwritten.add(reply.body());
        unwrittenCharges += reply.to().chargedBytes();
        if (reply.answerBytes() > 0) {
            unwrittenAnswerBytes += reply.answerBytes();
        } else {
            int held = reply.body().length() + Integer.BYTES;
            context.admission().hold(held);
            unwrittenHeld += held;
            heldBytes += held;
        }
    }

    /** Writes all answers with one flush. From now on they are held instead of their requests, until they left. */
    void writeAnswers() {
        if (unwritten.isEmpty()) {
            pauseOrResume();
            return;
        }
        long bytes = (long) unwritten.size() * Integer.BYTES;
        for (Bytes body : unwritten) {
            bytes += body.length();
        }
        ChunkWriter writer = connection.writer(bytes);
        for (Bytes body : unwritten) {
            writer.putInt(body.length()).put(body);
        }
        long held = unwrittenHeld;
        unreadBytes += held;
        long answerBytes = unwrittenAnswerBytes;
        giveBack(unwrittenCharges);
        forgetUnwritten();
        connection.end(writer, bytes, () -> {
            unreadBytes -= held;
            giveBack(held);
            readsLeft(answerBytes);
            pauseOrResume();
        });
        connection.flush();
        if (unreadBytes > context.options().connections().maxOutboundBytes()) {
            connection.close(Grievance.READS_TOO_SLOWLY, unreadBytes + " bytes wait");
        } else {
            pauseOrResume();
        }
    }

    private void forgetUnwritten() {
        unwritten.clear();
        unwrittenHeld = 0;
        unwrittenCharges = 0;
        unwrittenAnswerBytes = 0;
    }

    private void readsLeft(long answerBytes) {
        if (answerBytes > 0) {
            context.doors().answers().left(connectionId, answerBytes);
        }
    }

    private void giveBack(long bytes) {
        heldBytes -= bytes;
        context.admission().release(bytes);
    }

    /** At most half of what is free: however many take their share, there is room for the one that comes next. */
    private long share() {
        int usual = context.options().budget().connectionBytes();
        return Math.min(usual, Math.max(MIN_SHARE_BYTES, context.admission().freeBytes() / 2));
    }

    private void pauseOrResume() {
        if (heldBytes > 0) {
            idleSinceNanos = BUSY;
        } else if (idleSinceNanos == BUSY) {
            idleSinceNanos = context.nowNanos();
        }
        long share = share();
        if (!paused && heldBytes > share) {
            paused = true;
            connection.pauseReading();
        } else if (paused && heldBytes <= share / 2) {
            paused = false;
            connection.resumeReading();
        }
    }

    @Override
    public void closed() {
        clients.closed(this);
        releaseArrived();
        // Requests with the loop stay charged until their answers come and find nobody.
        // Those of an unfinished read event never got there.
        for (ClientRequest request : batch) {
            giveBack(request.origin().chargedBytes());
        }
        batch.clear();
        giveBack(unwrittenHeld);
        forgetUnwritten();
    }
}
