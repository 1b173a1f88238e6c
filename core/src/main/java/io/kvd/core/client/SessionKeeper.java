package io.kvd.core.client;

import com.google.protobuf.ByteString;

import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.protocol.CloseSessionCommand;
import io.kvd.protocol.Command;
import io.kvd.protocol.KeepSessionAliveCommand;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.OpenSessionResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The client's exactly-once session: opened when the first write needs it, kept alive while idle, replaced when it
 * expired. Holds the writes that wait for it or for room in it.
 */
final class SessionKeeper {
    /**
     * How long an open is tried before the writes that wait for it are told. Longer than calls wait as a rule, since
     * each of them has a deadline of its own.
     */
    private static final int OPEN_TIMEOUT_MS = 60_000;

    private static final int NONCE_BYTES = 16;

    /** What becomes of a write that asks for its place in the session. */
    enum Entry {
        ENTERED,
        WAITS,
        /** It belongs to an expired session, which may have applied it. */
        LOST
    }

    private final long ttlMs;
    private final Timers timers;
    private final RandomGenerator random;
    private final TreeMap<Long, Call> waiting = new TreeMap<>();
    private @Nullable Session current;
    private boolean opening;

    /**
     * Names the next session to be opened; empty until one is wanted. Kept until that session is known to be open: each
     * try asks for the same session, so that none is left behind unused.
     */
    private ByteString nonce = ByteString.EMPTY;

    SessionKeeper(ClientOptions options, Timers timers, RandomGenerator random) {
        this.ttlMs = options.sessionTtlMs();
        this.timers = timers;
        this.random = random;
    }

    /** Finds the write's place: the one it has, a new one, or the queue. */
    Entry enter(Call call) {
        Session old = call.session;
        if (old != null && !old.isExpired()) {
            return Entry.ENTERED;
        }
        if (old != null) {
            if (call.maybeApplied) {
                return Entry.LOST;
            }
            old.leave(call);
            call.session = null;
        }
        Session session = current;
        if (session != null && !session.isFull()) {
            session.enter(call);
            return Entry.ENTERED;
        }
        call.stage = Call.Stage.WAITING_FOR_SESSION;
        waiting.put(call.serial, call);
        return Entry.WAITS;
    }

    /** The call is over. */
    void leave(Call call) {
        Session session = call.session;
        if (session != null) {
            session.leave(call);
        } else if (call.stage == Call.Stage.WAITING_FOR_SESSION) {
            waiting.remove(call.serial);
        }
    }

    /** The next write that waited and can enter now. It is in no queue any more. */
    Optional<Call> admit() {
        Session session = current;
        if (waiting.isEmpty() || session == null || session.isFull()) {
            return Optional.empty();
        }
        return Optional.of(waiting.pollFirstEntry().getValue());
    }

    /** Empties the queue. Oldest first. */
    List<Call> takeWaiting() {
        List<Call> calls = new ArrayList<>(waiting.values());
        waiting.clear();
        return calls;
    }

    /** The command to send now if a session is wanted, none is there and none is on its way. */
    Optional<Write> wanted() {
        if (current != null || opening || waiting.isEmpty()) {
            return Optional.empty();
        }
        opening = true;
        if (nonce.isEmpty()) {
            nonce = drawNonce();
        }
        OpenSessionCommand open =
                OpenSessionCommand.newBuilder().setNonce(nonce).setTtlMs(ttlMs).build();
        return Optional.of(
                write(Command.newBuilder().setOpenSession(open).build(), OPEN_TIMEOUT_MS));
    }

    void opened(OpenSessionResult result, long nowNanos) {
        Session session = new Session(result.getSessionId(), result.getTtlMs(), nowNanos);
        current = session;
        opening = false;
        nonce = ByteString.EMPTY;
        timers.set(session, session.keepAliveDueNanos());
    }

    void openFailed() {
        opening = false;
    }

    /** The session's timer fired: the keep-alive to send, if it was idle for long enough. */
    Optional<Write> keepAlive(Session session, long nowNanos) {
        if (session != current) {
            return Optional.empty();
        }
        if (session.keepAliveDueNanos() - nowNanos > 0) {
            timers.set(session, session.keepAliveDueNanos());
            return Optional.empty();
        }
        timers.set(session, nowNanos + session.ttlNanos() / 3);
        KeepSessionAliveCommand keep =
                KeepSessionAliveCommand.newBuilder().setSessionId(session.id()).build();
        int timeoutMs =
                (int) Math.max(1, Math.min(OPEN_TIMEOUT_MS, session.ttlNanos() / 3_000_000));
        return Optional.of(
                write(Command.newBuilder().setKeepSessionAlive(keep).build(), timeoutMs));
    }

    /** The open session; empty if there is none. */
    Optional<Session> current() {
        return Optional.ofNullable(current);
    }

    /** The cluster says that the session is no more. A later write opens another one. */
    void expired(Session session) {
        session.expire();
        timers.cancel(session);
        if (session == current) {
            current = null;
        }
    }

    /** The command that closes the session, which counts as closed from now on. */
    Optional<Write> close(int timeoutMs) {
        Session session = current;
        if (session == null) {
            return Optional.empty();
        }
        expired(session);
        CloseSessionCommand close =
                CloseSessionCommand.newBuilder().setSessionId(session.id()).build();
        return Optional.of(write(Command.newBuilder().setCloseSession(close).build(), timeoutMs));
    }

    private static Write write(Command command, int timeoutMs) {
        return new Write(command.toByteString(), WriteMode.IDEMPOTENT, timeoutMs);
    }

    private ByteString drawNonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
