package io.kvd.core.codec;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.SnapshotFile;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.Run;
import io.kvd.core.raft.SnapshotPiece;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Any message a node may send, made from its type's components, so that a kind added later is covered at once. */
final class RandomMessages {
    static final long GROUP = 1;

    private final RandomGenerator random;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    PeerPayload payload() {
        Class<?>[] kinds = Message.class.getPermittedSubclasses();
        int kind = random.nextInt(kinds.length + 1);
        return kind == kinds.length
                ? new PeerPayload.OfNode(hello())
                : new PeerPayload.OfReplica(message(kinds[kind]));
    }

    /** A part of a snapshot whose last entry is not of a later term. */
    private Shipment part(EntryId last) {
        if (random.nextBoolean()) {
            return new Shipment.Chunk(
                    number(), number(), random.nextInt(), bytes(1 + random.nextInt(300)));
        }
        List<SnapshotFile> files = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            files.add(new SnapshotFile(i + ".sst", random.nextLong(1L << 40)));
        }
        return new Shipment.Offer(
                number(),
                new SnapshotManifest(
                        last, number(), bytes(Wire.ID_BYTES), bytes(random.nextInt(50)), files));
    }

    private Shipment progress() {
        List<Shipment.Stage> stages = List.of(Shipment.Stage.values());
        return new Shipment.Progress(number(), number(), stages.get(random.nextInt(stages.size())));
    }

    Message message(Class<?> kind) {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Message.Header header =
                new Message.Header(GROUP, id(), id(), 1 + number(), random.nextLong());
        EntryId previous = new EntryId(random.nextLong(header.term() + 1), number());
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i], header, previous);
        }
        try {
            Constructor<?> constructor = kind.getDeclaredConstructor(types);
            return (Message) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("can't make a " + kind, e);
        }
    }

    private Object value(RecordComponent component, Message.Header header, EntryId previous) {
        Class<?> type = component.getType();
        if (type == Message.Header.class) {
            return header;
        } else if (type == EntryId.class) {
            return previous;
        } else if (type == SnapshotPiece.class) {
            return component.getDeclaringRecord() == Message.InstallSnapshotReply.class
                    ? progress()
                    : part(previous);
        } else if (type == long.class) {
            return number();
        } else if (type == Moment.class) {
            return new Moment(number(), number());
        } else if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        } else if (type == Fitness.class) {
            Fitness.Ability[] abilities = Fitness.Ability.values();
            return new Fitness(abilities[random.nextInt(abilities.length)], number());
        } else if (component.getGenericType().getTypeName().contains("Run")) {
            return runs(previous, header.term());
        } else if (component.getGenericType().getTypeName().contains("ReadId")) {
            return reads();
        }
        throw new AssertionError("no random value for " + component);
    }

    Hello hello() {
        boolean born = random.nextBoolean();
        return new Hello(
                id(),
                id(),
                bytes(Wire.ID_BYTES),
                born ? Hello.Birthmark.BORN : Hello.Birthmark.UNBORN,
                born ? bytes(random.nextInt(300)) : Bytes.EMPTY,
                random.nextBoolean() ? Hello.Purpose.ASK : Hello.Purpose.ANSWER,
                new Hello.Settings(
                        "c" + random.nextInt(9),
                        "peer:" + random.nextInt(9),
                        random.nextBoolean() ? "" : "client:" + random.nextInt(9),
                        List.of("n1=a:1", "n2=b:" + random.nextInt(9))),
                List.of(new Hello.Location(id(), id(), "a:1", "b:1")),
                lives(),
                new Remembered(
                        new Life(random.nextInt(9), random.nextLong()),
                        random.nextInt(9),
                        random.nextInt(9)));
    }

    private Lives lives() {
        Lives lives = Lives.NONE;
        for (int starts = random.nextInt(2 * Lives.MAX); starts > 0; starts--) {
            lives = lives.next(random.nextLong());
        }
        return lives;
    }

    /** None to three runs that follow {@code previous}. */
    List<Run> runs(EntryId previous, long maxTerm) {
        List<Run> runs = new ArrayList<>();
        long index = previous.index() + 1;
        long term = previous.term();
        for (int run = random.nextInt(4); run > 0; run--) {
            List<Entry> entries = new ArrayList<>();
            for (int entry = 1 + random.nextInt(4); entry > 0; entry--) {
                term += random.nextLong(maxTerm - term + 1);
                entries.add(new Entry(
                        new EntryId(term, index++),
                        EntryKind.COMMAND,
                        new Entry.Stamp(random.nextLong(), random.nextLong()),
                        Entry.Origin.NONE,
                        bytes(random.nextInt(200))));
            }
            runs.add(Run.encode(GROUP, entries));
        }
        return runs;
    }

    private List<ReadId> reads() {
        List<ReadId> reads = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            reads.add(new ReadId(random.nextLong(), random.nextLong()));
        }
        return reads;
    }

    Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private long id() {
        return 1 + random.nextLong(Long.MAX_VALUE);
    }

    /** Small numbers and the ends of the range, more often than chance would. */
    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong(100);
            case 2 -> MessageCodec.MAX_TERM_OR_INDEX - 1000;
            default -> random.nextLong(MessageCodec.MAX_TERM_OR_INDEX - 1000);
        };
    }
}
