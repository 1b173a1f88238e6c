package io.kvd.core.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Fitness.Ability;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Message.AppendAccepted;
import io.kvd.core.raft.Message.AppendEntries;
import io.kvd.core.raft.Message.AppendRejected;
import io.kvd.core.raft.Message.CampaignReason;
import io.kvd.core.raft.Message.Header;
import io.kvd.core.raft.Message.InstallSnapshot;
import io.kvd.core.raft.Message.InstallSnapshotReply;
import io.kvd.core.raft.Message.PreVoteReply;
import io.kvd.core.raft.Message.PreVoteRequest;
import io.kvd.core.raft.Message.ReadIndexRefused;
import io.kvd.core.raft.Message.ReadIndexReply;
import io.kvd.core.raft.Message.ReadIndexRequest;
import io.kvd.core.raft.Message.TimeoutNow;
import io.kvd.core.raft.Message.Vote;
import io.kvd.core.raft.Message.VoteReply;
import io.kvd.core.raft.Message.VoteRequest;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.Run;
import io.kvd.protocol.AppendAcceptedBody;
import io.kvd.protocol.AppendEntriesBody;
import io.kvd.protocol.AppendRejectedBody;
import io.kvd.protocol.MomentBody;
import io.kvd.protocol.PeerMessage;
import io.kvd.protocol.PreVoteReplyBody;
import io.kvd.protocol.PreVoteRequestBody;
import io.kvd.protocol.ReadIdBody;
import io.kvd.protocol.ReadIndexRefusedBody;
import io.kvd.protocol.ReadIndexReplyBody;
import io.kvd.protocol.ReadIndexRequestBody;
import io.kvd.protocol.TimeoutNowBody;
import io.kvd.protocol.VoteReplyBody;
import io.kvd.protocol.VoteRequestBody;

import java.util.ArrayList;
import java.util.List;

/**
 * What one node says to another, as header bytes (a {@code PeerMessage}) and, for AppendEntries, the entries' bytes as
 * they are in the log. {@link PeerFrames} puts them into frames. The reader believes nothing: whatever is out of its
 * range is {@link DamagedException}, so the algorithm sees only values that its own types allow. A field that a newer
 * version added is ignored, a kind of message that it added is refused: who sends it agreed to speak our version.
 */
public final class MessageCodec {
    /**
     * Terms and indexes beyond it are refused. No cluster lives that long, and nothing that is computed from a lower
     * one overflows.
     */
    static final long MAX_TERM_OR_INDEX = 1L << 62;

    /** The most reads that one message may ask or answer for. */
    static final int MAX_READS = 1 << 16;

    private static final int TYPICAL_HEADER_BYTES = 80;
    private static final int READ_BYTES = 16;

    private static final Parser<PeerMessage> PARSER =
            DiscardUnknownFieldsParser.wrap(PeerMessage.parser());

    private MessageCodec() {}

    /** What stands raw behind the payload's header: entries of an AppendEntries, the bytes of a chunk. */
    static List<Bytes> attached(PeerPayload payload) {
        if (payload instanceof PeerPayload.OfReplica replica
                && replica.message() instanceof AppendEntries append
                && !append.entries().isEmpty()) {
            List<Bytes> runs = new ArrayList<>(append.entries().size());
            for (Run run : append.entries()) {
                runs.add(run.encoded());
            }
            return runs;
        }
        return payload instanceof PeerPayload.OfReplica replica
                        && replica.message() instanceof InstallSnapshot install
                ? ShipmentCodec.attached(install)
                : List.of();
    }

    /** About how long {@link #encodeHeader} would be. */
    static int estimatedHeaderBytes(PeerPayload payload) {
        if (payload instanceof PeerPayload.OfNode node) {
            return TYPICAL_HEADER_BYTES
                    + node.hello().bootstrap().length()
                    + node.hello().lives().nonces().size() * Long.BYTES
                    + node.hello().settings().peers().size() * Hello.Settings.MAX_TEXT / 8;
        }
        if (payload instanceof PeerPayload.OfReplica replica) {
            return TYPICAL_HEADER_BYTES
                    + (replica.message() instanceof InstallSnapshot install
                            ? ShipmentCodec.estimatedBytes(install.piece())
                            : readCount(replica.message()) * READ_BYTES);
        }
        return TYPICAL_HEADER_BYTES;
    }

    private static int readCount(Message message) {
        if (message instanceof ReadIndexRequest m) {
            return m.reads().size();
        } else if (message instanceof ReadIndexReply m) {
            return m.reads().size();
        } else if (message instanceof ReadIndexRefused m) {
            return m.reads().size();
        }
        return 0;
    }

    /** The payload without what is attached. */
    static Bytes encodeHeader(PeerPayload payload) {
        PeerMessage encoded;
        if (payload instanceof PeerPayload.OfReplica replica) {
            encoded = encode(replica.message());
        } else if (payload instanceof PeerPayload.OfNode node) {
            encoded = HelloCodec.encode(node.hello());
        } else {
            throw new AssertionError("unhandled " + payload);
        }
        return Bytes.of(encoded.toByteArray());
    }

    /**
     * Reads a payload; entries, or a chunk's bytes, share {@code attached}'s array.
     *
     * @throws DamagedException if anything in it is not what a node of our version sends
     */
    static PeerPayload decode(Bytes header, Bytes attached) {
        PeerMessage message = parse(header);
        if (message.getFrom() <= 0 || message.getTo() <= 0) {
            throw new DamagedException("message from node %d to node %d"
                    .formatted(message.getFrom(), message.getTo()));
        }
        if (!attached.isEmpty() && !message.hasAppendEntries() && !message.hasSnapshotChunk()) {
            throw new DamagedException("something attached to a " + message.getBodyCase());
        }
        return switch (message.getBodyCase()) {
            case HELLO -> new PeerPayload.OfNode(HelloCodec.decode(message));
            default -> new PeerPayload.OfReplica(message(message, attached));
        };
    }

    private static PeerMessage parse(Bytes header) {
        try {
            return PARSER.parseFrom(header.array(), header.offset(), header.length());
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedException("not a peer message: " + e.getMessage());
        }
    }

    // ---- Messages to bytes.

    private static PeerMessage encode(Message message) {
        Header header = message.header();
        PeerMessage.Builder out = PeerMessage.newBuilder()
                .setGroupId(header.groupId())
                .setFrom(header.from())
                .setTo(header.to())
                .setTerm(header.term())
                .setIncarnation(header.incarnation());
        if (message instanceof AppendEntries m) {
            out.setAppendEntries(AppendEntriesBody.newBuilder()
                    .setPreviousTerm(m.previous().term())
                    .setPreviousIndex(m.previous().index())
                    .setCommitIndex(m.commitIndex())
                    .setMinMatchIndex(m.minMatchIndex())
                    .setRound(m.round())
                    .setEcho(encode(m.echo())));
        } else if (message instanceof AppendAccepted m) {
            out.setAppendAccepted(AppendAcceptedBody.newBuilder()
                    .setMatchIndex(m.matchIndex())
                    .setRound(m.round())
                    .setMoment(encode(m.moment()))
                    .setAbility(ability(m.fitness().ability()))
                    .setPersistMicros(m.fitness().persistMicros()));
        } else if (message instanceof AppendRejected m) {
            out.setAppendRejected(AppendRejectedBody.newBuilder()
                    .setRejectedIndex(m.rejectedIndex())
                    .setHintTerm(m.hint().term())
                    .setHintIndex(m.hint().index())
                    .setLastIndex(m.lastIndex())
                    .setRound(m.round())
                    .setMoment(encode(m.moment())));
        } else if (message instanceof InstallSnapshot m) {
            ShipmentCodec.encode(m, out);
        } else if (message instanceof InstallSnapshotReply m) {
            ShipmentCodec.encode(m, out);
        } else {
            encodeElectionOrRead(message, out);
        }
        return out.build();
    }

    private static void encodeElectionOrRead(Message message, PeerMessage.Builder out) {
        if (message instanceof PreVoteRequest m) {
            out.setPreVoteRequest(PreVoteRequestBody.newBuilder()
                    .setCampaignTerm(m.campaignTerm())
                    .setLastTerm(m.last().term())
                    .setLastIndex(m.last().index())
                    .setAbility(ability(m.ability())));
        } else if (message instanceof PreVoteReply m) {
            out.setPreVoteReply(PreVoteReplyBody.newBuilder()
                    .setCampaignTerm(m.campaignTerm())
                    .setGranted(granted(m.vote())));
        } else if (message instanceof VoteRequest m) {
            out.setVoteRequest(VoteRequestBody.newBuilder()
                    .setLastTerm(m.last().term())
                    .setLastIndex(m.last().index())
                    .setTransfer(m.reason() == CampaignReason.TRANSFER));
        } else if (message instanceof VoteReply m) {
            out.setVoteReply(VoteReplyBody.newBuilder().setGranted(granted(m.vote())));
        } else if (message instanceof TimeoutNow) {
            out.setTimeoutNow(TimeoutNowBody.getDefaultInstance());
        } else if (message instanceof ReadIndexRequest m) {
            out.setReadIndexRequest(
                    ReadIndexRequestBody.newBuilder().addAllReads(encode(m.reads())));
        } else if (message instanceof ReadIndexReply m) {
            out.setReadIndexReply(ReadIndexReplyBody.newBuilder()
                    .addAllReads(encode(m.reads()))
                    .setReadIndex(m.readIndex()));
        } else if (message instanceof ReadIndexRefused m) {
            out.setReadIndexRefused(
                    ReadIndexRefusedBody.newBuilder().addAllReads(encode(m.reads())));
        } else {
            throw new AssertionError("unhandled " + message);
        }
    }

    private static List<ReadIdBody> encode(List<ReadId> reads) {
        List<ReadIdBody> encoded = new ArrayList<>(reads.size());
        for (ReadId read : reads) {
            encoded.add(ReadIdBody.newBuilder()
                    .setIncarnation(read.incarnation())
                    .setCounter(read.counter())
                    .build());
        }
        return encoded;
    }

    private static MomentBody encode(Moment moment) {
        return MomentBody.newBuilder()
                .setIncarnation(moment.incarnation())
                .setNanos(moment.nanos())
                .build();
    }

    private static io.kvd.protocol.Ability ability(Ability ability) {
        return switch (ability) {
            case UNKNOWN -> io.kvd.protocol.Ability.ABILITY_UNKNOWN;
            case FIT -> io.kvd.protocol.Ability.ABILITY_FIT;
            case UNFIT -> io.kvd.protocol.Ability.ABILITY_UNFIT;
        };
    }

    // A name that only a newer version knows proves nothing.
    private static Ability ability(io.kvd.protocol.Ability ability) {
        return switch (ability) {
            case ABILITY_FIT -> Ability.FIT;
            case ABILITY_UNFIT -> Ability.UNFIT;
            case ABILITY_UNKNOWN, UNRECOGNIZED -> Ability.UNKNOWN;
        };
    }

    private static boolean granted(Vote vote) {
        return vote == Vote.GRANTED;
    }

    static ByteString byteString(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }

    // ---- Bytes to messages.

    private static Message message(PeerMessage in, Bytes attached) {
        Header header = new Header(
                atLeastZero("group id", in.getGroupId()),
                in.getFrom(),
                in.getTo(),
                termOrIndex("term", in.getTerm()),
                in.getIncarnation());
        return switch (in.getBodyCase()) {
            case APPEND_ENTRIES -> appendEntries(header, in.getAppendEntries(), attached);
            case APPEND_ACCEPTED -> appendAccepted(header, in.getAppendAccepted());
            case APPEND_REJECTED -> appendRejected(header, in.getAppendRejected());
            case PRE_VOTE_REQUEST -> preVoteRequest(header, in.getPreVoteRequest());
            case PRE_VOTE_REPLY -> preVoteReply(header, in.getPreVoteReply());
            case VOTE_REQUEST -> voteRequest(header, in.getVoteRequest());
            case VOTE_REPLY -> new VoteReply(header, vote(in.getVoteReply().getGranted()));
            case TIMEOUT_NOW -> new TimeoutNow(header);
            case READ_INDEX_REQUEST ->
                new ReadIndexRequest(header, reads(in.getReadIndexRequest().getReadsList()));
            case READ_INDEX_REPLY ->
                new ReadIndexReply(
                        header,
                        reads(in.getReadIndexReply().getReadsList()),
                        termOrIndex("read index", in.getReadIndexReply().getReadIndex()));
            case READ_INDEX_REFUSED ->
                new ReadIndexRefused(header, reads(in.getReadIndexRefused().getReadsList()));
            case SNAPSHOT_OFFER, SNAPSHOT_CHUNK, SNAPSHOT_PROGRESS ->
                ShipmentCodec.decode(header, in, attached);
            case HELLO, BODY_NOT_SET ->
                throw new DamagedException("a message of a kind that this version does not know");
        };
    }

    private static AppendEntries appendEntries(Header header, AppendEntriesBody body, Bytes runs) {
        EntryId previous = entryId(body.getPreviousTerm(), body.getPreviousIndex());
        List<Run> entries =
                runs.isEmpty() ? List.of() : List.of(Run.decode(header.groupId(), runs));
        for (Run run : entries) {
            EntryId first = run.firstId();
            EntryId last = run.lastId();
            if (first.index() != previous.index() + 1
                    || first.term() < previous.term()
                    || last.term() > header.term()
                    || last.index() > MAX_TERM_OR_INDEX) {
                throw new DamagedException("entries %s to %s after %s in term %d"
                        .formatted(first, last, previous, header.term()));
            }
        }
        return new AppendEntries(
                header,
                previous,
                entries,
                termOrIndex("commit index", body.getCommitIndex()),
                termOrIndex("min match index", body.getMinMatchIndex()),
                atLeastZero("round", body.getRound()),
                moment(body.getEcho()));
    }

    private static AppendAccepted appendAccepted(Header header, AppendAcceptedBody body) {
        return new AppendAccepted(
                header,
                termOrIndex("match index", body.getMatchIndex()),
                atLeastZero("round", body.getRound()),
                moment(body.getMoment()),
                new Fitness(
                        ability(body.getAbility()),
                        atLeastZero("microseconds a log write", body.getPersistMicros())));
    }

    private static AppendRejected appendRejected(Header header, AppendRejectedBody body) {
        return new AppendRejected(
                header,
                termOrIndex("rejected index", body.getRejectedIndex()),
                entryId(body.getHintTerm(), body.getHintIndex()),
                termOrIndex("last index", body.getLastIndex()),
                atLeastZero("round", body.getRound()),
                moment(body.getMoment()));
    }

    private static Moment moment(MomentBody body) {
        return new Moment(
                atLeastZero("incarnation", body.getIncarnation()),
                atLeastZero("nanoseconds", body.getNanos()));
    }

    private static PreVoteRequest preVoteRequest(Header header, PreVoteRequestBody body) {
        return new PreVoteRequest(
                header,
                termOrIndex("campaign term", body.getCampaignTerm()),
                entryId(body.getLastTerm(), body.getLastIndex()),
                ability(body.getAbility()));
    }

    private static PreVoteReply preVoteReply(Header header, PreVoteReplyBody body) {
        return new PreVoteReply(
                header,
                termOrIndex("campaign term", body.getCampaignTerm()),
                vote(body.getGranted()));
    }

    private static VoteRequest voteRequest(Header header, VoteRequestBody body) {
        return new VoteRequest(
                header,
                entryId(body.getLastTerm(), body.getLastIndex()),
                body.getTransfer() ? CampaignReason.TRANSFER : CampaignReason.TIMEOUT);
    }

    private static List<ReadId> reads(List<ReadIdBody> bodies) {
        if (bodies.size() > MAX_READS) {
            throw new DamagedException("%d reads in one message".formatted(bodies.size()));
        }
        List<ReadId> reads = new ArrayList<>(bodies.size());
        for (ReadIdBody body : bodies) {
            reads.add(new ReadId(body.getIncarnation(), body.getCounter()));
        }
        return reads;
    }

    private static Vote vote(boolean granted) {
        return granted ? Vote.GRANTED : Vote.REFUSED;
    }

    static EntryId entryId(long term, long index) {
        return new EntryId(termOrIndex("entry term", term), termOrIndex("entry index", index));
    }

    static long termOrIndex(String field, long value) {
        if (value < 0 || value > MAX_TERM_OR_INDEX) {
            throw new DamagedException(field + " " + Long.toUnsignedString(value));
        }
        return value;
    }

    static long atLeastZero(String field, long value) {
        if (value < 0) {
            throw new DamagedException(field + " " + Long.toUnsignedString(value));
        }
        return value;
    }
}
