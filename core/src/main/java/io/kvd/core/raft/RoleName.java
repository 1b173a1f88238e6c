package io.kvd.core.raft;

/** The roles a replica can be in; what each may do is written at its class. */
public enum RoleName {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
}
