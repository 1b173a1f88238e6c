package io.kvd.simulator.engine;

import java.util.Arrays;

/**
 * Planned events, the earliest first: a binary heap in which each event knows its place, so that one whose moment
 * changes is moved instead of left behind as a stale one. Most turns of a node's threads are such.
 */
final class EventQueue {
    private Event[] heap = new Event[64];
    private int size;

    /** The earliest one; there must be one. */
    Event first() {
        return heap[0];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Puts an event, whose moment was just set, where it belongs; it may be in the queue already. */
    void put(Event event) {
        int place = event.place();
        if (place == Event.NOWHERE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            place = size++;
        }
        int risen = rise(event, place);
        if (risen == place) {
            sink(event, place);
        }
    }

    void removeFirst() {
        heap[0].moveTo(Event.NOWHERE);
        size--;
        Event last = heap[size];
        if (size > 0) {
            sink(last, 0);
        }
    }

    private int rise(Event event, int from) {
        int place = from;
        while (place > 0 && event.compareTo(heap[(place - 1) / 2]) < 0) {
            set(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        set(place, event);
        return place;
    }

    private void sink(Event event, int from) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            boolean hasRight = child + 1 < size;
            child += hasRight && heap[child + 1].compareTo(heap[child]) < 0 ? 1 : 0;
            if (event.compareTo(heap[child]) <= 0) {
                break;
            }
            set(place, heap[child]);
            place = child;
        }
        set(place, event);
    }

    private void set(int place, Event event) {
        heap[place] = event;
        event.moveTo(place);
    }
}
