package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.KvStateMachine;

/**
 * The group's state as it was found at start.
 *
 * @param applied what it has applied
 * @param configuration the configuration in it; empty if it never applied one
 * @param lastLogTimeMs the largest log time of what it has applied
 */
public record OpenedState(
        LiveState live, NodeInput.Applied applied, Bytes configuration, long lastLogTimeMs) {

    /** The picture of a machine that has not applied anything since it was loaded. */
    public static OpenedState of(long groupId, LiveState live, KvStateMachine machine) {
        return new OpenedState(
                live,
                appliedBy(groupId, machine),
                machine.configurationBytes(),
                machine.lastLogTimeMs());
    }

    static NodeInput.Applied appliedBy(long groupId, KvStateMachine machine) {
        return new NodeInput.Applied(
                groupId,
                machine.applied(),
                machine.revision(),
                machine.stateHash(),
                machine.featureLevel(),
                machine.sessionCount());
    }
}
