package io.kvd.bench.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;

import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** Calls, and method references, that some package may not make. */
final class Calls {

    private Calls() {}

    static DescribedPredicate<JavaAccess<?>> ofClockOrChance() {
        return calls("of clock or chance", target -> {
            String owner = target.getOwner().getName();
            return switch (owner) {
                case "java.lang.System" ->
                    Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty")
                            .contains(target.getName());
                case "java.lang.Math", "java.lang.StrictMath" ->
                    target.getName().equals("random");
                case "java.util.UUID" -> target.getName().equals("randomUUID");
                case "java.util.Random", "java.util.SplittableRandom" ->
                    isConstructor(target) && target.getRawParameterTypes().isEmpty();
                case "java.util.random.RandomGenerator" ->
                    Set.of("getDefault", "of").contains(target.getName());
                case "java.util.Collections" ->
                    target.getName().equals("shuffle")
                            && target.getRawParameterTypes().size() == 1;
                case "java.util.concurrent.ThreadLocalRandom", "java.time.Clock" -> true;
                default -> owner.startsWith("java.time.") && target.getName().equals("now");
            };
        });
    }

    static DescribedPredicate<JavaAccess<?>> thatMakeThreads() {
        return calls("that make threads", Calls::makesThreads);
    }

    static DescribedPredicate<JavaAccess<?>> thatMakeNamelessThreads() {
        return calls(
                "that make threads without a name",
                target -> (makesThreads(target) || makesEventLoops(target)) && !namesThem(target));
    }

    static DescribedPredicate<JavaAccess<?>> thatLoseOrder() {
        return calls("that lose order", target -> {
            String name = target.getName();
            return switch (target.getOwner().getName()) {
                case "java.util.Set" -> Set.of("of", "copyOf").contains(name);
                case "java.util.Map" -> Set.of("of", "copyOf", "ofEntries").contains(name);
                case "java.util.HashMap", "java.util.HashSet" -> isConstructor(target);
                case "java.util.stream.Collectors" -> losesOrder(target);
                default -> name.equals("parallelStream") || name.equals("parallel");
            };
        });
    }

    /** Collectors that build a HashSet or a HashMap unless they are given a maker of another map. */
    private static boolean losesOrder(CodeUnitAccessTarget target) {
        return switch (target.getName()) {
            case "toSet", "toUnmodifiableSet", "toUnmodifiableMap" -> true;
            case "toMap", "groupingBy" ->
                target.getRawParameterTypes().stream()
                        .noneMatch(t -> t.getName().equals("java.util.function.Supplier"));
            default -> false;
        };
    }

    private static boolean makesThreads(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        if (isConstructor(target)) {
            return owner.getName().equals("java.lang.Thread")
                    || owner.getName().equals("java.util.Timer")
                    || (owner.getPackageName().startsWith("java.util.concurrent")
                            && owner.isAssignableTo(Executor.class));
        }
        return switch (owner.getName()) {
            case "java.util.concurrent.Executors" -> target.getName().startsWith("new");
            case "java.util.concurrent.ForkJoinPool" -> target.getName().equals("commonPool");
            case "java.util.concurrent.CompletableFuture" ->
                target.getName().endsWith("Async") && !takes(target, Executor.class);
            default -> false;
        };
    }

    private static boolean makesEventLoops(CodeUnitAccessTarget target) {
        return isConstructor(target)
                && target.getOwner().getPackageName().startsWith("io.netty.")
                && target.getOwner().getName().endsWith("EventLoopGroup");
    }

    private static boolean namesThem(CodeUnitAccessTarget target) {
        return takes(target, String.class)
                || takes(target, ThreadFactory.class)
                || takes(target, Executor.class);
    }

    private static boolean takes(CodeUnitAccessTarget target, Class<?> type) {
        return target.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(type));
    }

    private static boolean isConstructor(CodeUnitAccessTarget target) {
        return target.getName().equals("<init>");
    }

    private static DescribedPredicate<JavaAccess<?>> calls(
            String description, java.util.function.Predicate<CodeUnitAccessTarget> predicate) {
        return describe(
                "calls " + description,
                access -> access.getTarget() instanceof CodeUnitAccessTarget target
                        && predicate.test(target));
    }
}
