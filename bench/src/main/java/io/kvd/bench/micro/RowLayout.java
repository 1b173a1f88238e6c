package io.kvd.bench.micro;

import io.kvd.core.kv.StateBatch;

import java.util.List;

/**
 * Which rows a put writes beside the current one, so that past versions can be read and changes watched. Prototypes:
 * they write what the product would have to write, and nothing reads it but their test. Kind bytes are those that the
 * product reserves.
 */
interface RowLayout {
    byte CURRENT = 0x10;
    byte HISTORY = 0x20;
    byte EVENT = 0x30;
    byte SEGMENT = 0x31;

    /** Adds the rows of one batch of puts, ascending by revision. Apply thread. */
    void addTo(StateBatch batch, List<Change> changes);
}
