package io.kvd.bench.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What our fields and methods may not look like. */
final class Signatures {

    private Signatures() {}

    static ArchCondition<JavaClass> haveNoPublicMutableField() {
        return condition("have no public mutable field", (owner, report) -> {
            for (JavaField field : owner.getFields()) {
                if (field.getModifiers().contains(JavaModifier.PUBLIC)
                        && !field.getModifiers().contains(JavaModifier.FINAL)) {
                    report.accept("public and not final: " + field.getFullName());
                }
            }
        });
    }

    static ArchCondition<JavaClass> takeNoOptional() {
        return condition("take no Optional", (owner, report) -> {
            for (JavaCodeUnit codeUnit : owner.getCodeUnits()) {
                if (isWritten(codeUnit)
                        && codeUnit.getRawParameterTypes().stream()
                                .anyMatch(Signatures::isOptional)) {
                    report.accept("takes an Optional: " + codeUnit.getFullName());
                }
            }
        });
    }

    /** Constructors are not methods: a record's components may be boolean, and say their name at the caller's. */
    static ArchCondition<JavaClass> haveNoPublicMethodWithABooleanParameter() {
        return condition("have no public method with a boolean parameter", (owner, report) -> {
            for (JavaMethod method : owner.getMethods()) {
                if (isWritten(method)
                        && method.getModifiers().contains(JavaModifier.PUBLIC)
                        && method.getRawParameterTypes().stream()
                                .anyMatch(t -> t.isEquivalentTo(boolean.class))
                        && !isForeign(method)) {
                    report.accept("takes a boolean: " + method.getFullName());
                }
            }
        });
    }

    private static boolean isOptional(JavaClass type) {
        return Stream.of(
                        Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class)
                .anyMatch(type::isEquivalentTo);
    }

    /** Written by a person: not a lambda's body or a bridge. */
    private static boolean isWritten(JavaCodeUnit codeUnit) {
        return !codeUnit.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !codeUnit.getModifiers().contains(JavaModifier.BRIDGE);
    }

    /** Whether a library chose this signature: the method overrides one of a type that is not ours. */
    private static boolean isForeign(JavaMethod method) {
        String[] parameters = method.getRawParameterTypes().stream()
                .map(JavaClass::getName)
                .toArray(String[]::new);
        JavaClass owner = method.getOwner();
        return Stream.concat(
                        owner.getAllRawSuperclasses().stream(),
                        owner.getAllRawInterfaces().stream())
                .filter(type -> !type.getPackageName().startsWith("io.kvd"))
                .anyMatch(
                        type -> type.tryGetMethod(method.getName(), parameters).isPresent());
    }

    private static ArchCondition<JavaClass> condition(
            String description, BiConsumer<JavaClass, Consumer<String>> violations) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass owner, ConditionEvents events) {
                violations.accept(
                        owner,
                        message -> events.add(SimpleConditionEvent.violated(owner, message)));
            }
        };
    }
}
