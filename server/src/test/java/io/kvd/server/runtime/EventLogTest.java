package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.InitialCluster.InitialMember;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeEvents.Born;
import io.kvd.core.node.NodeEvents.Event;
import io.kvd.core.node.NodeEvents.LeadershipHandedOver;
import io.kvd.core.node.NodeEvents.LogCut;
import io.kvd.core.node.NodeEvents.MessageDropped;
import io.kvd.core.node.NodeEvents.Persisted;
import io.kvd.core.node.NodeEvents.ReceiveStep;
import io.kvd.core.node.NodeEvents.RoleTaken;
import io.kvd.core.node.NodeEvents.SendStep;
import io.kvd.core.node.NodeEvents.Side;
import io.kvd.core.node.NodeEvents.SnapshotReceived;
import io.kvd.core.node.NodeEvents.SnapshotSent;
import io.kvd.core.node.NodeEvents.StoreRefused;
import io.kvd.core.node.NodeEvents.WaitingForContact;
import io.kvd.core.node.NodeEvents.Who;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.RoleName;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class EventLogTest {
    private static final InitialCluster CLUSTER =
            new InitialCluster("kvd", 1, List.of(member(1), member(2), member(3)));
    private static final EntryId LAST = new EntryId(3, 1042);
    private static final Bytes KNOWN = Bytes.utf8("known");
    private static final Bytes ACTUAL = Bytes.utf8("actual");

    private final CapturedLog captured = CapturedLog.of("kvd.raft");
    private final AtomicLong now = new AtomicLong();
    private final EventLog events = new EventLog(CLUSTER, now::get);

    @AfterEach
    void close() {
        captured.close();
    }

    @Test
    void tellsRolesByTheNamesOfNodes() {
        events.happened(new RoleTaken(1, RoleName.FOLLOWER, 3, 0, LAST));
        events.happened(new RoleTaken(1, RoleName.PRE_CANDIDATE, 3, 0, LAST));
        events.happened(new RoleTaken(1, RoleName.CANDIDATE, 4, 0, LAST));
        events.happened(new RoleTaken(1, RoleName.LEADER, 4, 1, LAST));
        events.happened(new LeadershipHandedOver(1, 2));
        events.happened(new RoleTaken(1, RoleName.FOLLOWER, 5, 2, LAST));
        events.happened(new RoleTaken(1, RoleName.FOLLOWER, 6, 9, LAST));

        assertThat(captured.lines())
                .containsExactly(
                        "INFO knows no leader group=1 term=3",
                        "DEBUG asks whether it could be elected group=1 term=3 last=" + LAST,
                        "INFO stands for election group=1 term=4 last=" + LAST,
                        "INFO became leader group=1 term=4 lastIndex=1042",
                        "INFO handed leadership over group=1 to=n2",
                        "INFO follows n2 group=1 term=5",
                        "INFO follows node 9 group=1 term=6");
    }

    @Test
    void waitsForEachMemberInOneLine() {
        for (int i = 0; i < 3; i++) {
            events.happened(new WaitingForContact(3, "n3", "127.0.0.1:7420"));
            now.addAndGet(RepeatLimit.QUIET_NANOS);
        }

        assertThat(captured.lines())
                .containsExactly("INFO waiting for first contact with n3 (127.0.0.1:7420)");
    }

    @Test
    void wipedVoterIsRefusedInBothLogsWithWhatToDo() {
        events.happened(new StoreRefused(3, KNOWN, ACTUAL, Side.REFUSING));
        events.happened(new StoreRefused(1, KNOWN, ACTUAL, Side.REFUSED));

        assertThat(captured.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("WARN refused n3: ")
                                .contains("put the right one back there", KNOWN.toHex()),
                        line -> assertThat(line)
                                .startsWith("ERROR refused by the cluster")
                                .contains("replace this member", ACTUAL.toHex()));
    }

    @Test
    void whatRepeatsIsSaidOnceAMinuteWithACount() {
        for (int i = 0; i < 5; i++) {
            events.happened(new MessageDropped(2, "message is for another group or node"));
        }
        events.happened(new MessageDropped(3, "message is for another group or node"));
        now.addAndGet(RepeatLimit.QUIET_NANOS);
        events.happened(new MessageDropped(2, "message is for another group or node"));

        assertThat(captured.lines())
                .containsExactly(dropped("n2", 0), dropped("n3", 0), dropped("n2", 4));
    }

    @Test
    void whatItCouldNotSendItselfIsNoWarning() {
        events.happened(new MessageDropped(1, "the peer is not connected"));

        assertThat(captured.lines())
                .containsExactly(
                        "DEBUG dropped a message of its own reason=the peer is not connected");
    }

    @Test
    void saysOnceAMinuteWhoseListOfMembersDiffersAndHow() {
        for (int i = 0; i < 3; i++) {
            events.happened(new NodeEvents.ConfigurationDiffers(
                    2, "cluster.peers", "n1=a:1, n2=b:1", "n1=a:1, n2=c:1"));
        }

        assertThat(captured.lines())
                .containsExactly(
                        "WARN the cluster is not born: cluster.peers is not the same on all members, here"
                                + " \"n1=a:1, n2=b:1\", on n2 \"n1=a:1, n2=c:1\"; repair the wrong one and start that member"
                                + " again");
    }

    @Test
    void everyKindOfEventIsHandled() {
        List<Event> all = List.of(
                new RoleTaken(1, RoleName.LEADER, 4, 1, LAST),
                new WaitingForContact(3, "n3", "127.0.0.1:7420"),
                new NodeEvents.ConfigurationDiffers(2, "cluster.name", "a", "b"),
                new NodeEvents.TakenForAMember("node 1"),
                new Born(KNOWN, Who.THIS_NODE),
                new StoreRefused(3, KNOWN, ACTUAL, Side.REFUSING),
                new MessageDropped(2, "reason"),
                new NodeEvents.MessageRefused(2, "acknowledges what was never sent", "message"),
                new LogCut(1, LAST, 7),
                new Persisted(1, 2),
                new LeadershipHandedOver(1, 2),
                new SnapshotSent(1, 2, LAST, 7, SendStep.BEGUN),
                new SnapshotReceived(1, 2, LAST, 7, ReceiveStep.INSTALLED, ""));

        all.forEach(events::happened);

        assertThat(all)
                .extracting(event -> (Object) event.getClass())
                .containsExactlyInAnyOrder((Object[]) Event.class.getPermittedSubclasses());
    }

    @Test
    void aSnapshotsWayIsToldFromBothEnds() {
        events.happened(new SnapshotSent(1, 2, LAST, 7, SendStep.BEGUN));
        events.happened(new SnapshotSent(1, 2, LAST, 7, SendStep.NOT_NEEDED));
        events.happened(new SnapshotSent(1, 2, LAST, 7, SendStep.GIVEN_UP));
        events.happened(new SnapshotReceived(1, 2, LAST, 7, ReceiveStep.BEGUN, ""));
        events.happened(new SnapshotReceived(1, 2, LAST, 7, ReceiveStep.INSTALLED, ""));
        events.happened(new SnapshotReceived(1, 2, LAST, 7, ReceiveStep.GIVEN_UP, "a reason"));

        assertThat(captured.lines())
                .containsExactly(
                        "INFO sends a snapshot group=1 to=n2 last=" + LAST + " bytes=7",
                        "INFO need not send a snapshot any more group=1 to=n2 last=" + LAST
                                + " bytes=7",
                        "INFO gave up sending a snapshot group=1 to=n2 last=" + LAST + " bytes=7",
                        "INFO receives a snapshot group=1 from=n2 last=" + LAST + " bytes=7",
                        "INFO installed a snapshot group=1 from=n2 last=" + LAST + " bytes=7",
                        "WARN gave up a snapshot: a reason group=1 from=n2 last=" + LAST);
    }

    private static String dropped(String from, int count) {
        return "WARN dropped a message from=" + from
                + " reason=message is for another group or node droppedSinceLastLine=" + count;
    }

    private static InitialMember member(int id) {
        return new InitialMember(id, "n" + id, "127.0.0.1:" + id, "127.0.0.1:" + id);
    }
}
