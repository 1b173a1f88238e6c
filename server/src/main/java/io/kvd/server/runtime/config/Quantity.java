package io.kvd.server.runtime.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A whole number of a smallest unit, written with a unit: durations in milliseconds, sizes in bytes. A bare number is
 * refused: {@code 100} has meant milliseconds, seconds, bytes and megabytes to somebody; and so are MB and GB, which
 * some read as powers of ten.
 *
 * @param noun what it is, for messages
 * @param units smallest first
 * @param min smallest value, in the smallest unit
 * @param max largest value
 */
record Quantity(String noun, List<Unit> units, long min, long max) implements ValueType<Long> {
    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)\\s*([A-Za-z]*)");
    private static final List<Unit> DURATION = List.of(
            new Unit("ms", 1),
            new Unit("s", 1000),
            new Unit("m", 60_000),
            new Unit("h", 3_600_000));
    private static final List<Unit> SIZE = List.of(
            new Unit("B", 1),
            new Unit("KiB", 1L << 10),
            new Unit("MiB", 1L << 20),
            new Unit("GiB", 1L << 30),
            new Unit("TiB", 1L << 40));

    record Unit(String name, long factor) {}

    /** A duration in milliseconds; the limits are texts as in a file. */
    static Quantity duration(String min, String max) {
        return limited(new Quantity("duration", DURATION, 0, Long.MAX_VALUE), min, max);
    }

    /** A size in bytes; the limits are texts as in a file. */
    static Quantity size(String min, String max) {
        return limited(new Quantity("size", SIZE, 0, Long.MAX_VALUE), min, max);
    }

    /** A number of things. */
    static ValueType<Long> count(long min, long max) {
        return new Count(min, max);
    }

    private record Count(long min, long max) implements ValueType<Long> {
        private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

        @Override
        public String form() {
            return "number, " + min + " to " + max;
        }

        @Override
        public Long parse(String text) {
            if (!DIGITS.matcher(text.strip()).matches()) {
                throw new IllegalArgumentException("it is not a whole number");
            }
            long value = Long.parseLong(text.strip());
            if (value < min || value > max) {
                throw new IllegalArgumentException("it is outside " + min + " to " + max);
            }
            return value;
        }

        @Override
        public String print(Long value) {
            return String.valueOf(value);
        }
    }

    @Override
    public String form() {
        return noun + ", " + print(min) + " to " + print(max);
    }

    @Override
    public Long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "it is not a " + noun + ": a number and a unit, " + unitNames());
        }
        if (matcher.group(2).isEmpty()) {
            throw new IllegalArgumentException("it has no unit: " + unitNames());
        }
        long factor = unit(matcher.group(2)).factor();
        BigDecimal exact = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(factor));
        if (exact.compareTo(BigDecimal.valueOf(min)) < 0
                || exact.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw new IllegalArgumentException("it is outside " + print(min) + " to " + print(max));
        }
        if (exact.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException(
                    "it is not a whole number of " + units.get(0).name());
        }
        return exact.longValueExact();
    }

    @Override
    public String print(Long value) {
        Unit best = units.get(0);
        for (Unit unit : units) {
            if (value != 0 && value % unit.factor() == 0) {
                best = unit;
            }
        }
        return value / best.factor() + " " + best.name();
    }

    private Unit unit(String name) {
        return units.stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + name + "\" is not one of its units: " + unitNames()));
    }

    private String unitNames() {
        return units.stream().map(Unit::name).collect(Collectors.joining(", "));
    }

    private static Quantity limited(Quantity unlimited, String min, String max) {
        return new Quantity(
                unlimited.noun(), unlimited.units(), unlimited.parse(min), unlimited.parse(max));
    }
}
