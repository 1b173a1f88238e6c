package io.kvd.core.node;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.raft.EntryId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a node may start from what its data directory holds, and what a stopped life left in it. Every kind of data
 * directory obeys them, real and simulated.
 *
 * <p>A start, a birth and an install make things in an order, each durable before the next one begins. So a crash at
 * any step leaves one of these, and all of them are legal:
 *
 * <pre>
 * the log holds           the states are                          killed
 * nothing                 none                                    before the first start wrote its identity
 * an identity, unborn     none                                    before it made its first state
 *                         the first one of the first group,       before birth, or between the decider's birth
 *                           whole or begun, nothing applied       and this node's own adoption
 * a group, at its first   that one, whole, begun or missing:      at any time before the log was cut
 *   generation, uncut       the log has all of it
 * a group, any other      that one, whole                         at any time
 * a group                 beside it: older ones                   before an install's old state was deleted
 *                         beside it: the next one                 within an install, before the log named it (P5)
 * </pre>
 *
 * <p>No crash leaves anything else: parts of the directory are lost, or of another time or node.
 */
public final class DirectoryRules {
    /** The way out for an operator whose directory has forgotten something. */
    public static final String REPLACE_NODE =
            "Move the data directory away; the node must be replaced under a new identity, since it may have"
                    + " forgotten votes and entries. A cluster of one is restored from a backup";

    private final String directory;
    private final RestoredLog log;

    /** How much of a state directory is there. */
    public enum Completeness {
        /** It can be opened. */
        WHOLE,
        /** Its making, or its deletion, did not come to its end. */
        BEGUN
    }

    /** A state directory. */
    public record FoundState(long groupId, long generation, Completeness completeness) {}

    /** @param directory as the operator calls it */
    public DirectoryRules(String directory, RestoredLog log) {
        this.directory = directory;
        this.log = log;
    }

    /**
     * Decides from what was found.
     *
     * @return what a stopped life left, to be deleted: generations that the log does not name
     * @throws StorageException REFUSED, in words for the operator: states and log do not belong together; nothing may
     *     be changed
     */
    public List<FoundState> leftOver(List<FoundState> states) {
        List<FoundState> leftOver = new ArrayList<>();
        for (FoundState state : states) {
            long named = namedFor(state);
            if (state.generation() > named + 1) {
                throw refused(
                        "%s is there, but the log names generation %d: the log is older than the state"
                                .formatted(pathOf(state.groupId(), state.generation()), named));
            }
            if (state.generation() != named) {
                leftOver.add(state);
            }
        }
        log.groups().forEach(group -> checkNamed(group, states));
        return leftOver;
    }

    /** The generation that the log names for the state's group, or that an unborn node makes. */
    private long namedFor(FoundState state) {
        if (log.node().isEmpty()) {
            throw refused("%s is there, but the log holds no identity"
                    .formatted(pathOf(state.groupId(), state.generation())));
        }
        Optional<GroupRecord> record = recordOf(state.groupId());
        if (record.isPresent()) {
            return record.get().stateGeneration();
        }
        boolean isFirst = state.groupId() == Bootstrap.GROUP_ID
                && state.generation() == GroupRecord.INITIAL.stateGeneration();
        if (isUnborn() && isFirst) {
            return state.generation();
        }
        throw refused("%s is there, but the log knows nothing of it"
                .formatted(pathOf(state.groupId(), state.generation())));
    }

    private boolean isUnborn() {
        return log.groups().isEmpty() && !log.node().get(0).born();
    }

    private Optional<GroupRecord> recordOf(long groupId) {
        return log.groups().stream()
                .filter(group -> group.groupId() == groupId)
                .map(RestoredLog.RestoredGroup::group)
                .findFirst();
    }

    /** A log that was never cut makes its first state anew from nothing; any other needs the one that it names. */
    private void checkNamed(RestoredLog.RestoredGroup group, List<FoundState> states) {
        GroupRecord record = group.group();
        boolean isMadeAnew = record.logStart().equals(EntryId.NONE)
                && record.stateGeneration() == GroupRecord.INITIAL.stateGeneration();
        boolean isThere = states.contains(
                new FoundState(group.groupId(), record.stateGeneration(), Completeness.WHOLE));
        if (!isMadeAnew && !isThere) {
            throw refused("the state in %s is missing, and the log begins after %s"
                    .formatted(
                            pathOf(group.groupId(), record.stateGeneration()), record.logStart()));
        }
    }

    private String pathOf(long groupId, long generation) {
        return "%s/state/%d/%d".formatted(directory, groupId, generation);
    }

    private static StorageException refused(String what) {
        return new StorageException(
                Kind.REFUSED, "refusing to start: %s. %s".formatted(what, REPLACE_NODE));
    }
}
