package io.kvd.simulator.judge;

import io.kvd.protocol.Code;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.world.ClientHost;

import java.util.List;

/** What a read shows, a stale one too, is the store as it was at the revision that it names. */
final class ReadsShowOneState extends Judge {
    private final Meaning meaning;

    ReadsShowOneState(Meaning meaning) {
        super("a read shows one state that was", "docs/semantics.md §1, §4");
        this.meaning = meaning;
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        if (!request.hasRange() || reply.getCode() != Code.OK) {
            return;
        }
        RangeResult result = reply.getRange();
        RangeRequest range = request.getRange();
        check(
                result.getRevision() <= meaning.model().revision(),
                "%s read at revision %d, and %d is the last",
                client,
                result.getRevision(),
                meaning.model().revision());
        List<KeyValue> expected =
                meaning.model().rowsAt(result.getRevision(), range.getKey(), range.getRangeEnd());
        if (range.getCountOnly()) {
            check(
                    result.getCount() == expected.size() && result.getKvsCount() == 0,
                    "%s was told at node %d at revision %d of %d keys, and the store held %s",
                    client,
                    reply.getNodeId(),
                    result.getRevision(),
                    result.getCount(),
                    keys(expected));
        } else {
            judgeRows(client, reply, range, expected);
        }
    }

    private void judgeRows(
            ClientHost client, Reply reply, RangeRequest range, List<KeyValue> expected) {
        RangeResult result = reply.getRange();
        List<KeyValue> shown = result.getKvsList();
        boolean isPart = result.getMore() && shown.size() < expected.size();
        List<KeyValue> compared = isPart ? expected.subList(0, shown.size()) : expected;
        if (!asAsked(compared, range).equals(shown)) {
            throw violation(
                    "%s read at node %d at revision %d %s, and the store held %s",
                    client, reply.getNodeId(), result.getRevision(), keys(shown), keys(compared));
        }
        check(
                range.getLimit() == 0 || shown.size() <= range.getLimit(),
                "%s wanted %d rows at most, and was given %d",
                client,
                range.getLimit(),
                shown.size());
        // Whoever goes on there misses nothing, and comes to an end.
        check(
                !result.getMore()
                        || (isPart
                                && !shown.isEmpty()
                                && result.getNextKey()
                                        .equals(expected.get(shown.size()).getKey())),
                "%s is to go on at '%s' after %s, and the store held %s",
                client,
                result.getNextKey().toStringUtf8(),
                keys(shown),
                keys(expected));
    }

    private static List<KeyValue> asAsked(List<KeyValue> rows, RangeRequest range) {
        return range.getKeysOnly()
                ? rows.stream().map(row -> row.toBuilder().clearValue().build()).toList()
                : rows;
    }

    private static String keys(List<KeyValue> rows) {
        StringBuilder text = new StringBuilder("{");
        for (KeyValue row : rows) {
            text.append(row.getKey().toStringUtf8()).append('@').append(row.getModRevision());
            text.append(' ');
        }
        return text.append('}').toString();
    }
}
