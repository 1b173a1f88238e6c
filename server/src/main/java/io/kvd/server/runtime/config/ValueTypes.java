package io.kvd.server.runtime.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of values that are not quantities. */
final class ValueTypes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    private static final String NONE = "none";

    private ValueTypes() {}

    /** A name that goes into addresses, log lines and paths as it is. */
    static ValueType<String> name() {
        return of(
                "name: a letter, then letters, digits, _ . -; at most 64",
                ValueTypes::checkedName,
                name -> name);
    }

    static ValueType<Path> directory() {
        return of(
                "path, relative to the working directory",
                ValueTypes::parseDirectory,
                Path::toString);
    }

    static ValueType<HostPort> address() {
        return of(HostPort.FORM, HostPort::parse, HostPort::toString);
    }

    /** An address, or an empty list for none. */
    static ValueType<List<HostPort>> addressOrNone() {
        return of(
                "none, or " + HostPort.FORM,
                text -> text.strip().equals(NONE) ? List.of() : List.of(HostPort.parse(text)),
                found -> found.isEmpty() ? NONE : found.get(0).toString());
    }

    /** One of the constants, in lower case. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        Function<E, String> print = constant -> constant.name().toLowerCase(Locale.ROOT);
        String form = constants.stream().map(print).collect(Collectors.joining(" | "));
        Function<String, E> parse = text -> constants.stream()
                .filter(constant -> print.apply(constant).equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it is none of " + form));
        return of(form, parse, print);
    }

    static String checkedName(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "it is not a name: a letter, then letters, digits, _ . -; at most 64 in all");
        }
        return text;
    }

    private static Path parseDirectory(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty");
        }
        if (text.startsWith("~")) {
            throw new IllegalArgumentException(
                    "only a shell knows what ~ stands for: write the whole path");
        }
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("it is not a path: " + e.getReason(), e);
        }
        if (path.toAbsolutePath().normalize().getNameCount() == 0) {
            throw new IllegalArgumentException("it is the root of the file system");
        }
        return path;
    }

    private static <T> ValueType<T> of(
            String form, Function<String, T> parse, Function<T, String> print) {
        return new Plain<>(form, parse, print);
    }

    private record Plain<T>(String form, Function<String, T> parser, Function<T, String> printer)
            implements ValueType<T> {
        @Override
        public T parse(String text) {
            return parser.apply(text);
        }

        @Override
        public String print(T value) {
            return printer.apply(value);
        }
    }
}
