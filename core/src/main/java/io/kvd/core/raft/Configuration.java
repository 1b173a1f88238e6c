package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The members of a group, ordered by node id.
 *
 * @param members every member once, ascending by node id
 * @param highestNodeIdEver the largest node id that was ever a member: ids are never reused
 */
public record Configuration(List<Member> members, long highestNodeIdEver) {
    public Configuration {
        members = List.copyOf(members);
        long previous = NodeId.NONE;
        for (Member member : members) {
            Check.that(
                    member.nodeId() > previous, "members out of order at node %d", member.nodeId());
            previous = member.nodeId();
        }
        Check.that(
                previous <= highestNodeIdEver,
                "node %d above highest %d",
                previous,
                highestNodeIdEver);
    }

    public Optional<Member> member(long nodeId) {
        for (Member member : members) {
            if (member.nodeId() == nodeId) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** The voters' ids, ascending. */
    public List<Long> voters() {
        List<Long> voters = new ArrayList<>();
        for (Member member : members) {
            if (member.suffrage() == Member.Suffrage.VOTER) {
                voters.add(member.nodeId());
            }
        }
        return voters;
    }

    public int voterCount() {
        int count = 0;
        for (Member member : members) {
            count += member.suffrage() == Member.Suffrage.VOTER ? 1 : 0;
        }
        return count;
    }

    /** Whether the node alone is a majority. */
    public boolean isOnlyVoter(long nodeId) {
        return isVoter(nodeId) && voterCount() == 1;
    }

    public boolean isVoter(long nodeId) {
        return member(nodeId).map(m -> m.suffrage() == Member.Suffrage.VOTER).orElse(false);
    }
}
