package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateView;
import io.kvd.server.storage.VerifyReport.StateSummary;

/** Knows what a state's rows mean, for the offline check; one instance a state. */
public interface StateCheck {
    /**
     * The next row, in key order.
     *
     * @throws io.kvd.core.base.DamagedException if it can't be what was written
     */
    void row(Bytes key, Bytes value);

    /**
     * What the rows say, after the last one.
     *
     * @throws io.kvd.core.base.DamagedException if they don't make sense together
     */
    StateSummary finish(StateView view);
}
