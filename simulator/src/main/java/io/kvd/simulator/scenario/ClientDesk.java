package io.kvd.simulator.scenario;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The clients' requests at one replica, from the datagram to its only answer.
 *
 * <p>A put's client and MID travel in its entry, and the leader that executes an entry answers it, whoever proposed it:
 * the proposer may be dead. Leaders tell the others up to which entry all is answered, so that a new one answers again
 * only what it can't know of.
 *
 * <p>A client that is sent on asks under a new MID, so its put may be sent on only if it was certainly not done: a put
 * whose outcome is unknown stays here until this replica has executed it after all, or an entry of a later term, behind
 * which it can't come any more.
 */
final class ClientDesk {
    /** Requests that wait for a leader; some clients' requests of an election or two. */
    private static final int MAX_HELD = 4096;

    /** MIDs of which a repetition is recognised. */
    private static final int MAX_SEEN = 16_384;

    /** Executed puts that perhaps nobody answered: leaders tell with every message how far they are. */
    private static final int MAX_UNCONFIRMED = 4096;

    private static final long NO_DEADLINE = Long.MAX_VALUE / 2;

    private final Counter counter;
    private final RecentNames seen = new RecentNames(MAX_SEEN);
    private final RecentNames answered = new RecentNames(MAX_SEEN);
    private final List<DeskRequest> held = new ArrayList<>();
    /** Clients that were sent on since the leader was last heard: if they come back, it may be dead. */
    private final TreeSet<String> sentOn = new TreeSet<>();
    /** At the loops, by request id. */
    private final TreeMap<Long, DeskRequest> open = new TreeMap<>();
    /** The ids of the puts among {@code open}, by name. */
    private final TreeMap<String, Long> openPuts = new TreeMap<>();
    /** Puts of unknown outcome among {@code open}, and the last term in which they may have been proposed. */
    private final TreeMap<Long, Long> doubtful = new TreeMap<>();
    /** Puts that were executed here and perhaps not answered by their leader, by log index. */
    private final TreeMap<Long, DeskRequest> unconfirmed = new TreeMap<>();

    private long answeredIndex;
    private long lastRequestId;
    /** The last term in which this replica led. */
    private long officeTerm;

    private boolean leads;

    /** Where requests and answers go. */
    interface Counter {
        void submit(ClientRequest request);

        /** @param value of a get, else empty */
        void answer(DeskRequest request, String type, String value);
    }

    ClientDesk(Counter counter) {
        this.counter = counter;
    }

    /** A get or put; one that came before is passed over, since it is answered once. */
    void receive(DeskRequest request) {
        if (!seen.add(request.name())) {
            return;
        }
        if (!request.isServable() || held.size() >= MAX_HELD) {
            counter.answer(request, Datagram.FAIL, "");
        } else if (leads) {
            submit(request);
        } else {
            held.add(request);
        }
    }

    /** The last log index such that it and all before it are answered, as far as this replica knows. */
    long answeredIndex() {
        return answeredIndex;
    }

    /** A member says that all is answered up to the index. */
    void answeredUpTo(long index) {
        answeredIndex = Math.max(answeredIndex, index);
        unconfirmed.headMap(answeredIndex, true).clear();
    }

    void tookOffice(long term) {
        leads = true;
        officeTerm = term;
        List<DeskRequest> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(this::submit);
    }

    void leftOffice() {
        leads = false;
    }

    /** The leader is another one, and was heard just now: whoever waits is sent on. */
    void heardLeader() {
        sentOn.clear();
        List<DeskRequest> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(this::sendOn);
    }

    /**
     * The leader is another one, and was heard not long ago. A client is sent on at once, but only once until the
     * leader is heard again: if it was there, it would not ask here.
     */
    void leaderIsFresh() {
        for (DeskRequest request : List.copyOf(held)) {
            if (!sentOn.contains(request.client())) {
                held.remove(request);
                sendOn(request);
            }
        }
    }

    private void sendOn(DeskRequest request) {
        sentOn.add(request.client());
        counter.answer(request, Datagram.REDIRECT, "");
    }

    private void submit(DeskRequest request) {
        long id = ++lastRequestId;
        open.put(id, request);
        if (request.isPut()) {
            openPuts.put(request.name(), id);
        }
        counter.submit(new ClientRequest(
                new RequestOrigin(0, id, 0, 0),
                ReplicaLoops.GROUP_ID,
                NO_DEADLINE,
                request.isPut() ? write(request) : read(request)));
    }

    private static ClientRequest.Body write(DeskRequest request) {
        Command put = Command.newBuilder()
                .setPut(PutCommand.newBuilder()
                        .setKey(ByteString.copyFromUtf8(request.key()))
                        .setValue(request.taggedValue()))
                .build();
        return new ClientRequest.Write(put, Bytes.of(put.toByteArray()), Entry.Origin.NONE);
    }

    private static ClientRequest.Body read(DeskRequest request) {
        return new ClientRequest.Range(RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(request.key()))
                .setConsistency(Consistency.LINEARIZABLE)
                .build());
    }

    void replied(ClientReply clientReply) {
        long id = clientReply.to().requestId();
        DeskRequest request = open.get(id);
        if (request == null) {
            return; // Executed meanwhile, though its office was lost.
        }
        Reply reply = parse(clientReply);
        if (reply.getCode() == Code.UNKNOWN_OUTCOME) {
            doubtful.put(id, officeTerm);
            return;
        }
        close(id, request);
        if (reply.getCode() == Code.OK) {
            answer(request, Datagram.OK, value(reply));
        } else if (reply.getRetryable() && held.size() < MAX_HELD) {
            held.add(request); // Certainly not done.
        } else {
            answer(request, Datagram.FAIL, "");
        }
    }

    private void close(long id, DeskRequest request) {
        open.remove(id);
        doubtful.remove(id);
        openPuts.remove(request.name());
    }

    private void answer(DeskRequest request, String type, String value) {
        if (answered.add(request.name())) {
            counter.answer(request, type, value);
        }
    }

    /** Answers the puts among the entries if this replica leads; tells the fate of those it could not see committed. */
    void executed(ApplyInput.ApplyBatch batch) {
        for (Run run : batch.runs()) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                executed(run.entry(index));
            }
        }
    }

    private void executed(Entry entry) {
        Optional<DeskRequest> put = DeskRequest.ofEntry(entry);
        put.ifPresent(request -> {
            Long id = openPuts.get(request.name());
            if (id != null) {
                close(id, request);
            }
            if (entry.index() > answeredIndex) {
                unconfirmed.put(entry.index(), request);
            }
        });
        // With an entry of its own term a leader knows that nobody else has the office (Raft
        // §5.4.2).
        if (leads && entry.term() == officeTerm) {
            List<DeskRequest> due = List.copyOf(unconfirmed.values());
            due.forEach(request -> answer(request, Datagram.OK, ""));
            answeredUpTo(entry.index());
        }
        if (unconfirmed.size() > MAX_UNCONFIRMED) {
            unconfirmed.pollFirstEntry();
        }
        giveUpDoubtful(entry.term());
    }

    // What was proposed in an earlier term stands before an entry of this one or nowhere (Raft
    // §5.3: terms don't
    // decrease along a log).
    private void giveUpDoubtful(long term) {
        for (Map.Entry<Long, Long> doubt : List.copyOf(doubtful.entrySet())) {
            DeskRequest request = open.get(doubt.getKey());
            if (doubt.getValue() < term && request != null) {
                close(doubt.getKey(), request);
                hold(request);
            }
        }
    }

    private void hold(DeskRequest request) {
        if (leads) {
            submit(request);
        } else {
            held.add(request);
        }
    }

    private static String value(Reply reply) {
        return reply.getRange().getKvsCount() == 0
                ? ""
                : DeskRequest.valueOf(reply.getRange().getKvs(0).getValue());
    }

    private static Reply parse(ClientReply reply) {
        try {
            return Reply.parseFrom(reply.body().toArray());
        } catch (InvalidProtocolBufferException damaged) {
            throw new DamagedException("a reply of this replica: " + damaged.getMessage());
        }
    }
}
