package io.kvd.simulator.judge;

/**
 * What must happen sometimes: a search that never comes here is blind where it matters. Long runs fail if one of them
 * never was.
 */
public enum Sometimes {
    // Elections.
    ANOTHER_LEADER("another node was elected"),
    SAME_LEADER_AGAIN("the same node was elected in a later term"),
    TWO_LEADERS("two nodes led at once, in different terms"),
    SPLIT_VOTE("a candidate was not elected and campaigned again"),
    PRE_VOTE_REFUSED("a pre-vote was refused"),
    VOTE_REFUSED("a vote was refused"),
    VOTE_REPEATED("a vote was asked again by the same candidate, and given again"),
    VOTE_REQUEST_OF_OLD_TERM("a vote request of an earlier term arrived"),
    DEPOSED_WITHOUT_QUORUM("a leader gave up its office because no quorum answered"),
    DEPOSED_BY_HIGHER_TERM("a leader learned of a higher term"),
    OFFICE_TRANSFERRED("leadership was handed over"),
    ELECTED_WITH_OPEN_TAIL("a new leader's log ended with entries that were not committed"),
    ELECTED_WITHOUT_ALL("a node was elected while another one had a longer log"),
    BARE_MAJORITY_LED("a leader led exactly a majority of running nodes"),
    ALL_DOWN("no node ran"),

    // The log.
    TAIL_TRUNCATED("a conflicting tail was truncated"),
    LONG_TAIL_TRUNCATED("five conflicting entries or more were truncated at once"),
    APPEND_REJECTED("an AppendEntries was rejected"),
    APPEND_OF_OLD_TERM("an AppendEntries of an earlier term arrived"),
    ANSWER_TO_EARLIER_LIFE("an answer to a message of an earlier life arrived"),
    EARLIER_TERM_COMMITTED(
            "entries of an earlier term were committed with one of the leader's own"),
    COMMITTED_ON_BARE_MAJORITY("an entry was committed on no more disks than a majority"),
    COMMITTED_BY_THRIFTY_LEADER("a thrifty leader committed an entry on a bare majority"),
    MANY_ENTRIES_AT_ONCE("ten entries or more were persisted at once"),
    APPLY_LAGGED("ten committed entries or more waited to be applied"),
    LOG_CUT("the log was cut"),
    APPLIED_AGAIN("a restarted node applied again what the crash took from its state"),
    LOG_LOST_ENTRIES_OF_DEAD_LEADER("entries of a crashed leader were never committed"),

    // Snapshots.
    SNAPSHOT_INSTALLED("a snapshot was installed"),
    SENDER_GAVE_UP("the sender of a snapshot gave up"),
    RECEIVER_GAVE_UP("the receiver of a snapshot gave up"),
    CRASHED_SENDING("a node crashed while it sent a snapshot"),
    CRASHED_RECEIVING("a node crashed while it received a snapshot"),

    // Nodes.
    BORN_LATER("a node was born into a cluster that had committed writes"),
    CRASHED_AS_LEADER("a leader crashed"),
    CRASHED_AS_CANDIDATE("a candidate crashed"),
    CRASHED_UNBORN("a node crashed before it was born"),
    CRASHED_WITH_OPEN_ENTRIES("a leader crashed with entries that were not committed"),
    HALTED("a node halted on a failing disk"),
    STOPPED("a node stopped gracefully"),
    WIPED_REFUSED("a wiped member was refused"),
    DAMAGE_REFUSED("a damaged log was refused"),
    STRANGER_IGNORED("a message of somebody who is not the member it says was dropped"),

    // Clients.
    RETRY_ANSWERED("a write came again and was answered without being executed"),
    RETRY_ANSWERED_BY_NEXT_LEADER(
            "a write came again to a later leader and was not executed again"),
    KEPT_APART("an answer was kept in a row of its own"),
    KEPT_APART_ANSWERED("a write came again and was answered from a row of its own"),
    SESSION_EXPIRED("a session expired"),
    WRITE_AFTER_EXPIRY_REFUSED("a write of an expired session was refused"),
    SESSION_FOUND_BY_NONCE("a retried open found the session of the first try"),
    UNKNOWN_WAS_EXECUTED("a write with an unknown outcome was executed"),
    UNKNOWN_WAS_NOT_EXECUTED("a write with an unknown outcome was not executed"),
    UNKNOWN_OF_DEPOSED("a deposed leader answered a pending write with UNKNOWN_OUTCOME"),
    DEADLINE_PASSED("a write's deadline passed before it was committed"),
    READ_TIMED_OUT("a read's deadline passed before it was confirmed"),
    READ_BY_FOLLOWER("a follower served a linearizable read"),
    STALE_READ_BEHIND("a stale read showed less than others had been told"),
    BOUNDED_READ_BEHIND("a bounded read showed less than others had been told"),
    BOUNDED_BY_FOLLOWER("a follower served a bounded read"),
    FUTURE_REVISION("a read wanted a revision that the store had not reached"),
    ANSWER_ENDED_EARLY("a range did not fit into one answer, or its limit"),
    REDIRECTED("a node named the leader"),
    NO_LEADER_KNOWN("a node knew no leader to name"),
    BUSY("a full leader refused a write"),
    NO_SPACE("a leader without space refused a write"),
    SHUTTING_DOWN("a stopping node refused a request"),
    SWAP_SUCCEEDED("a compare-and-set succeeded"),
    SWAP_FAILED("a compare-and-set found another revision");

    private final String sentence;

    Sometimes(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
