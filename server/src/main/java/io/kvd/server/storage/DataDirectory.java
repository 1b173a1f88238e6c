package io.kvd.server.storage;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.DirectoryRules;
import io.kvd.core.node.DirectoryRules.Completeness;
import io.kvd.core.node.DirectoryRules.FoundState;
import io.kvd.core.node.RestoredLog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's data directory, held by this process alone:
 *
 * <pre>
 * LOCK                          held while the process lives
 * log/                          {@link RocksDbLogStore}
 * state/GROUP/GENERATION/       {@link RocksDbStateStores}
 * incoming/GROUP/ outgoing/TRANSFER/
 *                               {@link RocksDbSnapshots}; deleted at start
 * </pre>
 *
 * <p>A start opens it, restores the log, checks whose it is, and {@link #accept}s the log. Until then nothing in a
 * directory that existed is changed, so one that is refused is left as it was.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOG_DIRECTORY = "log";
    private static final String STATE_DIRECTORY = "state";
    static final String INCOMING_DIRECTORY = "incoming";
    static final String OUTGOING_DIRECTORY = "outgoing";
    /** What an interrupted first start, or the file system, may have left in an otherwise empty directory. */
    private static final Set<String> HARMLESS = Set.of(
            DirectoryLock.FILE,
            LOG_DIRECTORY,
            STATE_DIRECTORY,
            INCOMING_DIRECTORY,
            OUTGOING_DIRECTORY,
            "lost+found");

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int MAX_NAMES_SHOWN = 3;

    private final Path path;
    private final DirectoryLock lock;

    private DataDirectory(Path path, DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the directory, making it if it is missing.
     *
     * @throws StorageException REFUSED, in words for the operator: not ours, not writable, or in use
     */
    public static DataDirectory open(Path path) {
        checkIsDirectory(path);
        checkIsOurs(path);
        DataFiles.makeDirectory(path);
        checkIsWritable(path);
        return new DataDirectory(path, DirectoryLock.take(path));
    }

    /** Takes a directory that a node used before, to read it; makes nothing. */
    static DataDirectory openExisting(Path path) {
        checkIsDirectory(path);
        if (!Files.exists(path.resolve(DirectoryLock.FILE)) || !hasLog(path)) {
            throw refused("%s is not a kvd data directory, or its log is missing".formatted(path));
        }
        return new DataDirectory(path, DirectoryLock.takeExisting(path));
    }

    public Path path() {
        return path;
    }

    public Path logDirectory() {
        return path.resolve(LOG_DIRECTORY);
    }

    public Path stateDirectory() {
        return path.resolve(STATE_DIRECTORY);
    }

    /** Whether this process holds the directory that the path leads to. */
    void checkInPlace() {
        lock.checkInPlace();
    }

    /** Neither the path nor what is above it may be a file; what is missing can be made. */
    private static void checkIsDirectory(Path path) {
        Optional<Path> at = Optional.of(path.toAbsolutePath().normalize());
        while (at.isPresent() && !Files.exists(at.get())) {
            at = Optional.ofNullable(at.get().getParent());
        }
        if (at.isPresent() && !Files.isDirectory(at.get())) {
            throw refused(
                    "%s is not a directory; choose another data directory".formatted(at.get()));
        }
    }

    private static void checkIsWritable(Path path) {
        if (!Files.isWritable(path) || !Files.isReadable(path) || !Files.isExecutable(path)) {
            throw refused(
                    "%s can't be written by this user; change its owner or mode".formatted(path));
        }
    }

    private static void checkIsOurs(Path path) {
        if (hasLog(path)) {
            return;
        }
        DataFiles.checkNotHeadless(path.resolve(LOG_DIRECTORY));
        if (!DataFiles.list(path.resolve(STATE_DIRECTORY)).isEmpty()) {
            throw refused("%s is not a kvd data directory, or its log is missing. %s"
                    .formatted(path, DirectoryRules.REPLACE_NODE));
        }
        List<String> foreign = DataFiles.list(path).stream()
                .map(DataDirectory::nameOf)
                .filter(name -> !HARMLESS.contains(name))
                .toList();
        if (!foreign.isEmpty()) {
            throw refused(
                    "%s is neither empty nor a kvd data directory (it holds %s%s); choose an empty or a new one"
                            .formatted(
                                    path,
                                    foreign.stream()
                                            .limit(MAX_NAMES_SHOWN)
                                            .collect(Collectors.joining(", ")),
                                    foreign.size() > MAX_NAMES_SHOWN ? ", ..." : ""));
        }
    }

    private static boolean hasLog(Path path) {
        return Files.exists(path.resolve(LOG_DIRECTORY).resolve("CURRENT"));
    }

    /**
     * Checks the state directories against the log, then deletes what the log does not name: generations of an install
     * that did not come to its end (P5), and transfers. The first change to a directory that existed; to be called
     * once it is known to be this node's.
     *
     * @return what was deleted
     * @throws StorageException REFUSED, if states and log do not belong together; then nothing was deleted
     */
    public List<Path> accept(RestoredLog log) {
        List<Path> leftOver = check(log);
        Stream.of(INCOMING_DIRECTORY, OUTGOING_DIRECTORY)
                .map(path::resolve)
                .filter(Files::exists)
                .forEach(leftOver::add);
        leftOver.forEach(DataFiles::deleteTree);
        return leftOver;
    }

    /** The check of {@link #accept} alone; gives the generations that the log does not name. */
    List<Path> check(RestoredLog log) {
        return new DirectoryRules(path.toString(), log)
                .leftOver(foundStates()).stream().map(this::pathOf).collect(Collectors.toList());
    }

    private List<FoundState> foundStates() {
        List<FoundState> states = new ArrayList<>();
        for (Path group : DataFiles.list(stateDirectory())) {
            for (Path generation : DataFiles.list(group)) {
                states.add(new FoundState(
                        numberOf(group),
                        numberOf(generation),
                        Files.exists(generation.resolve("CURRENT"))
                                ? Completeness.WHOLE
                                : Completeness.BEGUN));
            }
        }
        return states;
    }

    private Path pathOf(FoundState state) {
        return stateDirectory()
                .resolve(Long.toString(state.groupId()))
                .resolve(Long.toString(state.generation()));
    }

    private static long numberOf(Path directory) {
        String name = nameOf(directory);
        // Only what resolves to the same name again.
        if (NUMBER.matcher(name).matches()) {
            return Long.parseLong(name);
        }
        throw refused("%s does not belong there; move it away".formatted(directory));
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static StorageException refused(String sentence) {
        return new StorageException(Kind.REFUSED, "refusing to start: " + sentence);
    }

    /** Lets other processes in. The stores in it must be closed. */
    @Override
    public void close() {
        lock.close();
    }
}
