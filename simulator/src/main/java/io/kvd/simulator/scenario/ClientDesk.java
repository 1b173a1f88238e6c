package io.kvd.simulator.scenario;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clients' requests at one replica, from the datagram to its only answer. A request waits while no leader is known
 * to be alive: it is sent on only to a leader that was heard after it came. A client that is sent on asks under a new
 * MID, so its put may be sent on only if it was certainly not done: a put whose outcome is unknown stays here until
 * this replica has executed it after all, or an entry of a later term, behind which it can't come any more.
 */
final class ClientDesk {
    /** Key and value of a put: with the envelope, base64 included, an entry fits into a datagram. */
    static final int MAX_PUT_BYTES = 32 << 10;

    /** Requests that wait for a leader; some clients' requests of an election or two. */
    private static final int MAX_HELD = 4096;

    /** MIDs of which a repetition is recognised. */
    private static final int MAX_SEEN = 16_384;

    private static final long NO_DEADLINE = Long.MAX_VALUE / 2;
    /** A put's number, before its value in the state: node and request, so that its replica recognises it. */
    private static final int TAG_BYTES = 2 * Long.BYTES;

    private final long nodeId;
    private final Counter counter;
    private final LinkedHashSet<String> seen = new LinkedHashSet<>();
    private final List<Request> held = new ArrayList<>();
    /** At the loops, by request id. */
    private final TreeMap<Long, Request> open = new TreeMap<>();
    /** Puts of unknown outcome among {@code open}, and the last term in which they may have been proposed. */
    private final TreeMap<Long, Long> doubtful = new TreeMap<>();

    private long lastRequestId;
    /** The last term in which this replica led. */
    private long officeTerm;

    private boolean leads;

    /** One request of a client. */
    record Request(String client, String mid, String type, String key, String value) {}

    /** Where requests and answers go. */
    interface Counter {
        void submit(ClientRequest request);

        /** @param value of a get, else empty */
        void answer(Request request, String type, String value);
    }

    ClientDesk(long nodeId, Counter counter) {
        this.nodeId = nodeId;
        this.counter = counter;
    }

    /** A get or put; one that came before is passed over, since it is answered once. */
    void receive(Datagram datagram) {
        Request request = new Request(
                datagram.src(),
                datagram.field(Datagram.MID),
                datagram.type(),
                datagram.field(Datagram.KEY),
                datagram.field(Datagram.VALUE));
        if (!seen.add(request.client() + request.mid())) {
            return;
        }
        if (seen.size() > MAX_SEEN) {
            seen.remove(seen.iterator().next());
        }
        boolean isTooLarge =
                utf8(request.key()).size() + utf8(request.value()).size() > MAX_PUT_BYTES;
        if (isTooLarge || request.key().isEmpty() || held.size() >= MAX_HELD) {
            counter.answer(request, Datagram.FAIL, "");
        } else if (leads) {
            submit(request);
        } else {
            held.add(request);
        }
    }

    void tookOffice(long term) {
        leads = true;
        officeTerm = term;
        List<Request> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(this::submit);
    }

    void leftOffice() {
        leads = false;
    }

    /** The leader is another one, and was heard just now. */
    void heardLeader() {
        List<Request> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(request -> counter.answer(request, Datagram.REDIRECT, ""));
    }

    private void submit(Request request) {
        long id = ++lastRequestId;
        open.put(id, request);
        ClientRequest.Body body =
                request.type().equals(Datagram.PUT) ? write(id, request) : read(request);
        counter.submit(new ClientRequest(
                new RequestOrigin(0, id, 0, 0), ReplicaLoops.GROUP_ID, NO_DEADLINE, body));
    }

    private ClientRequest.Body write(long id, Request request) {
        Bytes tag = new BytesWriter(TAG_BYTES).putLong(nodeId).putLong(id).toBytes();
        Command put = Command.newBuilder()
                .setPut(PutCommand.newBuilder()
                        .setKey(utf8(request.key()))
                        .setValue(ByteString.copyFrom(tag.toArray()).concat(utf8(request.value()))))
                .build();
        return new ClientRequest.Write(put, Bytes.of(put.toByteArray()), Entry.Origin.NONE);
    }

    private static ClientRequest.Body read(Request request) {
        return new ClientRequest.Range(RangeRequest.newBuilder()
                .setKey(utf8(request.key()))
                .setConsistency(Consistency.LINEARIZABLE)
                .build());
    }

    void replied(ClientReply clientReply) {
        long id = clientReply.to().requestId();
        Request request = open.get(id);
        if (request == null) {
            return; // Executed meanwhile, though its office was lost.
        }
        Reply reply = parse(clientReply);
        if (reply.getCode() == Code.UNKNOWN_OUTCOME) {
            doubtful.put(id, officeTerm);
            return;
        }
        open.remove(id);
        if (reply.getCode() == Code.OK) {
            counter.answer(request, Datagram.OK, value(reply));
        } else if (reply.getRetryable() && held.size() < MAX_HELD) {
            held.add(request); // Certainly not done.
        } else {
            counter.answer(request, Datagram.FAIL, "");
        }
    }

    /** Tells the fate of puts that this replica proposed and could not see committed in its office. */
    void executed(ApplyInput.ApplyBatch batch) {
        if (open.isEmpty()) {
            return;
        }
        for (Run run : batch.runs()) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                executed(run.entry(index));
            }
        }
    }

    private void executed(Entry entry) {
        long id = ownRequestId(entry);
        Request request = open.remove(id);
        if (request != null) {
            doubtful.remove(id);
            counter.answer(request, Datagram.OK, "");
        }
        // What was proposed in an earlier term stands before this entry or nowhere (Raft §5.3:
        // terms don't decrease
        // along a log).
        List<Long> lost = new ArrayList<>();
        for (Map.Entry<Long, Long> doubt : doubtful.entrySet()) {
            if (doubt.getValue() < entry.term()) {
                lost.add(doubt.getKey());
            }
        }
        for (long lostId : lost) {
            doubtful.remove(lostId);
            Request again = open.remove(lostId);
            if (again != null) {
                hold(again);
            }
        }
    }

    private void hold(Request request) {
        if (leads) {
            submit(request);
        } else {
            held.add(request);
        }
    }

    /** The number of the put that this replica proposed with the entry; 0 if it is not one of those. */
    private long ownRequestId(Entry entry) {
        if (entry.kind() != EntryKind.COMMAND) {
            return 0;
        }
        try {
            Command command = Command.parseFrom(entry.payload().toArray());
            ByteString value = command.getPut().getValue();
            if (!command.hasPut() || value.size() < TAG_BYTES) {
                return 0;
            }
            Bytes tag = Bytes.of(value.substring(0, TAG_BYTES).toByteArray());
            return tag.longAt(0) == nodeId ? tag.longAt(Long.BYTES) : 0;
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError("executed " + entry, damaged);
        }
    }

    private static String value(Reply reply) {
        if (reply.getRange().getKvsCount() == 0) {
            return "";
        }
        return reply.getRange().getKvs(0).getValue().substring(TAG_BYTES).toStringUtf8();
    }

    private static Reply parse(ClientReply reply) {
        try {
            return Reply.parseFrom(reply.body().toArray());
        } catch (InvalidProtocolBufferException damaged) {
            throw new DamagedException("a reply of this replica: " + damaged.getMessage());
        }
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFrom(text, StandardCharsets.UTF_8);
    }
}
