package io.kvd.core.client;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The unanswered requests of one connection by request id. Ids count up, so the id's low bits are its slot and nothing
 * is hashed or boxed; an id whose slot is still taken by a slow call is skipped.
 */
final class RequestRing {
    private @Nullable Call[] slots = new Call[16];
    private int size;
    private long nextId = 1;

    int size() {
        return size;
    }

    /** Gives the call an id on this connection. */
    void add(Call call) {
        if (size * 2 >= slots.length) {
            grow();
        }
        while (slots[slot(nextId)] != null) {
            nextId++;
        }
        call.requestId = nextId++;
        slots[slot(call.requestId)] = call;
        size++;
    }

    /** Empty for an id that is not in use: the answer to a call that is over. */
    Optional<Call> remove(long requestId) {
        Call call = slots[slot(requestId)];
        if (call == null || call.requestId != requestId) {
            return Optional.empty();
        }
        slots[slot(requestId)] = null;
        size--;
        return Optional.of(call);
    }

    void forEach(Consumer<Call> action) {
        for (Call call : slots) {
            if (call != null) {
                action.accept(call);
            }
        }
    }

    /** Empties the ring. Oldest request first. */
    List<Call> removeAll() {
        List<Call> calls = new ArrayList<>(size);
        for (int i = 0; i < slots.length; i++) {
            Call call = slots[i];
            if (call != null) {
                calls.add(call);
                slots[i] = null;
            }
        }
        calls.sort((one, other) -> Long.compare(one.requestId, other.requestId));
        size = 0;
        return calls;
    }

    private void grow() {
        @Nullable Call[] old = slots;
        slots = new Call[old.length * 2];
        for (Call call : old) {
            if (call != null) {
                slots[slot(call.requestId)] = call;
            }
        }
    }

    private int slot(long requestId) {
        return (int) (requestId & (slots.length - 1));
    }
}
