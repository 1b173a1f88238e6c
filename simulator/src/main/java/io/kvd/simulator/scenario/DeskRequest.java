package io.kvd.simulator.scenario;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryKind;
import io.kvd.protocol.Command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One request of a client. In a put's entry client and MID stand before the value, so that whoever executes it can
 * answer.
 *
 * @param fault empty, or why it can't be served
 */
record DeskRequest(String client, String mid, String type, String key, String value, String fault) {
    /** Key, value and MID of a put: with the envelope, base64 included, an entry fits into a datagram. */
    static final int MAX_BYTES = 32 << 10;

    private static final int TAG_LENGTHS_BYTES = 2 * Integer.BYTES;

    /** A get or put; one that is not as it should be is refused later, since only what has a MID can be answered. */
    static DeskRequest of(Datagram datagram) {
        boolean isPut = datagram.type().equals(Datagram.PUT);
        String mid = datagram.field(Datagram.MID);
        String key = datagram.field(Datagram.KEY);
        String value = isPut ? datagram.field(Datagram.VALUE) : "";
        String fault = "";
        if (key.isEmpty() || (isPut && !datagram.has(Datagram.VALUE))) {
            fault = "key and value must be strings, the key not empty";
        } else if (!isText(mid) || !isText(key) || !isText(value)) {
            fault = "half of a surrogate pair is no text";
        } else if (bytes(mid) + bytes(key) + bytes(value) > MAX_BYTES) {
            fault = "longer than " + MAX_BYTES + " bytes";
        }
        return new DeskRequest(datagram.src(), mid, datagram.type(), key, value, fault);
    }

    /** The put that the entry holds; empty if it holds none. */
    static Optional<DeskRequest> ofEntry(Entry entry) {
        if (entry.kind() != EntryKind.COMMAND) {
            return Optional.empty();
        }
        try {
            Command command = Command.parseFrom(entry.payload().toArray());
            if (!command.hasPut()) {
                return Optional.empty();
            }
            ByteString tagged = command.getPut().getValue();
            Bytes tag = Bytes.of(tagged.toByteArray());
            int clientEnd = TAG_LENGTHS_BYTES + tag.intAt(0);
            int midEnd = clientEnd + tag.intAt(Integer.BYTES);
            return Optional.of(new DeskRequest(
                    tag.slice(TAG_LENGTHS_BYTES, clientEnd).toUtf8(),
                    tag.slice(clientEnd, midEnd).toUtf8(),
                    Datagram.PUT,
                    command.getPut().getKey().toStringUtf8(),
                    tag.slice(midEnd).toUtf8(),
                    ""));
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError("executed " + entry, damaged);
        }
    }

    /** What the state holds under the key. */
    ByteString taggedValue() {
        Bytes clientBytes = Bytes.utf8(client);
        Bytes midBytes = Bytes.utf8(mid);
        Bytes tagged = new BytesWriter(TAG_LENGTHS_BYTES + MAX_BYTES)
                .putInt(clientBytes.length())
                .putInt(midBytes.length())
                .put(clientBytes)
                .put(midBytes)
                .put(Bytes.utf8(value))
                .toBytes();
        return ByteString.copyFrom(tagged.toArray());
    }

    /** The value itself. */
    static String valueOf(ByteString taggedValue) {
        Bytes tagged = Bytes.of(taggedValue.toByteArray());
        return tagged.slice(TAG_LENGTHS_BYTES + tagged.intAt(0) + tagged.intAt(Integer.BYTES))
                .toUtf8();
    }

    /** No two requests have the same: a MID is its client's. */
    String name() {
        return client + mid;
    }

    boolean isPut() {
        return type.equals(Datagram.PUT);
    }

    boolean isServable() {
        return fault.isEmpty();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
