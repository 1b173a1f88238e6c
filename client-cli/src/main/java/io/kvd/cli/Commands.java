package io.kvd.cli;

import java.util.List;
import java.util.Optional;

/** The commands of kvctl by name. A command's class is loaded only when its name was typed. */
final class Commands {
    /** In the order of the help. */
    static final List<String> NAMES =
            List.of(PutCommand.NAME, GetCommand.NAME, DelCommand.NAME, VersionCommand.NAME);

    private Commands() {}

    /** Empty for a word that names no command. */
    static Optional<Command> find(String name) {
        return switch (name) {
            case PutCommand.NAME -> Optional.of(new PutCommand());
            case GetCommand.NAME -> Optional.of(new GetCommand());
            case DelCommand.NAME -> Optional.of(new DelCommand());
            case VersionCommand.NAME -> Optional.of(new VersionCommand());
            default -> Optional.empty();
        };
    }
}
