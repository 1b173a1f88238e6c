package io.kvd.cli;

import java.util.List;
import java.util.Optional;

/** The commands of kvctl by name. A command's class is loaded only when its name was typed. */
final class Commands {
    /** In the order of the help. */
    static final List<String> NAMES = List.of(
            PutCommand.NAME,
            GetCommand.NAME,
            DelCommand.NAME,
            LsCommand.NAME,
            CountCommand.NAME,
            CasCommand.NAME,
            BatchCommand.NAME,
            StatusCommand.NAME,
            TopCommand.NAME,
            PingCommand.NAME,
            CheckCommand.NAME,
            CompletionCommand.NAME,
            VersionCommand.NAME);

    private Commands() {}

    /** Empty for a word that names no command. */
    static Optional<Command> find(String name) {
        return switch (name) {
            case PutCommand.NAME -> Optional.of(new PutCommand());
            case GetCommand.NAME -> Optional.of(new GetCommand());
            case DelCommand.NAME -> Optional.of(new DelCommand());
            case LsCommand.NAME, LsCommand.ALIAS -> Optional.of(new LsCommand());
            case CountCommand.NAME -> Optional.of(new CountCommand());
            case CasCommand.NAME -> Optional.of(new CasCommand());
            case BatchCommand.NAME -> Optional.of(new BatchCommand());
            case StatusCommand.NAME -> Optional.of(new StatusCommand());
            case TopCommand.NAME -> Optional.of(new TopCommand());
            case PingCommand.NAME -> Optional.of(new PingCommand());
            case CheckCommand.NAME -> Optional.of(new CheckCommand());
            case CompletionCommand.NAME -> Optional.of(new CompletionCommand());
            case VersionCommand.NAME -> Optional.of(new VersionCommand());
            case TrainCommand.NAME -> Optional.of(new TrainCommand());
            default -> Optional.empty();
        };
    }
}
