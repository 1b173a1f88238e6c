package io.kvd.bench.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

import java.util.List;

/**
 * The rules of CONVENTIONS, "Rules that ArchUnit keeps", for the packages below {@code root}. The root is a parameter
 * so that {@link ArchitectureTest} can also point the rules at deliberately broken classes and see them fail.
 */
record ArchitectureRules(String root) {

    /** Rule 1: the algorithm is arithmetic on values. */
    List<ArchRule> raftIsPure() {
        DescribedPredicate<JavaClass> values = resideInAnyPackage(
                        "java.lang",
                        "java.lang.annotation",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function")
                .or(resideInAnyPackage("org.jspecify.annotations"))
                .or(named("java.util.random.RandomGenerator"));
        DescribedPredicate<JavaClass> bytes = resideInAnyPackage(
                        "java.lang.invoke", "java.nio", "java.nio.charset")
                .or(named("java\\.util\\.zip\\.(CRC32C|Checksum)"));
        return List.of(
                classes()
                        .that(are(in("core.raft..")))
                        .should()
                        .onlyDependOnClassesThat(values.or(in("core.raft..", "core.base..")))
                        .as("core.raft depends on values of the JDK, core.base and itself only"),
                classes()
                        .that(are(in("core.base..")))
                        .should()
                        .onlyDependOnClassesThat(values.or(bytes).or(in("core.base..")))
                        .as("core.base depends on values and bytes of the JDK and itself only"));
    }

    /** Rule 2: no thread, clock, chance or file in the core; time and randomness come in as arguments. */
    List<ArchRule> coreTouchesNothing() {
        return List.of(
                noClasses()
                        .that(are(in("core..")))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                        "java.io..",
                                        "java.nio.file..",
                                        "java.nio.channels..",
                                        "java.net..",
                                        "org.slf4j..",
                                        "java.util.concurrent.locks..")
                                .or(named("java.lang.Thread.*"))
                                .or(named("java.util.Timer.*"))
                                .or(named(
                                        "java.util.concurrent.(Executor|ForkJoin|Scheduled|ThreadPool|Completable"
                                                + "|Future|ThreadLocal).*"))
                                .or(named("java.security.SecureRandom")))
                        .as("core.. sees no thread, file, socket or log"),
                noClasses()
                        .that(are(in("core..")))
                        .should()
                        .accessTargetWhere(Calls.ofClockOrChance())
                        .as("core.. reads no clock and draws no random number of its own"));
    }

    /** Rule 3: each foreign library has one room. */
    List<ArchRule> librariesHaveOneRoom() {
        return List.of(
                noClasses()
                        .that(are(not(in("server.storage..", "bench.."))))
                        .should()
                        .dependOnClassesThat(resideInAPackage("org.rocksdb.."))
                        .as("RocksDB is used in server.storage only"),
                noClasses()
                        .that(are(not(in("server.net..", "server.admin..", "bench.."))))
                        .should()
                        .dependOnClassesThat(resideInAPackage("io.netty.."))
                        .as("Netty is used in server.net and server.admin only"),
                noClasses()
                        .that(are(not(in("bench.."))))
                        .and(are(describe(
                                "outside the codecs",
                                c -> !c.getName()
                                        .matches(".*[.](Message|Hello|Shipment)Codec([$].*)?"))))
                        .should()
                        .dependOnClassesThat(
                                describe("Raft messages", ArchitectureRules::isRaftMessage))
                        .as("generated Raft messages are used in their codecs only"));
    }

    /** Rule 4: the rooms form a tree. */
    List<ArchRule> roomsFormATree() {
        return List.of(
                slices().matching(root + ".(**)").should().beFreeOfCycles(),
                noClasses()
                        .that(are(in("server.storage..")))
                        .should()
                        .dependOnClassesThat(in("server.net.."))
                        .as("server.storage does not know server.net"),
                noClasses()
                        .that(are(in("server.net..")))
                        .should()
                        .dependOnClassesThat(in("server.storage.."))
                        .as("server.net does not know server.storage"),
                noClasses()
                        .that(are(not(in("server.runtime.."))))
                        .should()
                        .dependOnClassesThat(in("server.runtime.."))
                        .as("nothing depends on server.runtime"));
    }

    /** Rule 5: threads are made in two places, and every one has a name. */
    List<ArchRule> threadsHaveAHomeAndAName() {
        return List.of(
                noClasses()
                        .that(are(not(in("server.runtime..", "client.io..", "bench.."))))
                        .should()
                        .accessTargetWhere(Calls.thatMakeThreads())
                        .as("threads are made in server.runtime and client.io only"),
                noClasses()
                        .that(are(not(in("bench.."))))
                        .should()
                        .accessTargetWhere(Calls.thatMakeNamelessThreads())
                        .as("every thread is named"));
    }

    /** Rule 6: signatures that can't be misread. */
    List<ArchRule> signaturesAreHonest() {
        return List.of(
                classes().should(Signatures.haveNoPublicMutableField()),
                classes().should(Signatures.takeNoOptional()),
                classes()
                        .that()
                        .doNotHaveFullyQualifiedName(root + ".core.base.Check")
                        .should(Signatures.haveNoPublicMethodWithABooleanParameter()),
                noClasses()
                        .should()
                        .haveNameMatching(".*(Util|Helper|Manager|Impl)([$].*)?")
                        .as("a class is named for what it is, not Util, Helper, Manager or Impl"));
    }

    /** Rule 7: what the core does never hangs on a hash seed or on another thread. */
    List<ArchRule> coreIsDeterministic() {
        return List.of(noClasses()
                .that(are(in("core..")))
                .should()
                .accessTargetWhere(Calls.thatLoseOrder())
                .as("core.. uses ordered collections and sequential streams only"));
    }

    /** ConfigurationBody and MemberBody are what a log entry holds, and have a codec of their own. */
    private static boolean isRaftMessage(JavaClass type) {
        return type.getName()
                        .matches(
                                "io[.]kvd[.]protocol[.](PeerMessage|[A-Za-z]+Body)(OrBuilder)?([$].*)?")
                && !type.getName().matches("io[.]kvd[.]protocol[.](Configuration|Member)Body.*");
    }

    /** The packages below this root, in ArchUnit's notation. */
    private DescribedPredicate<JavaClass> in(String... packages) {
        String[] full = List.of(packages).stream().map(p -> root + "." + p).toArray(String[]::new);
        return resideInAnyPackage(full);
    }

    private static DescribedPredicate<JavaClass> are(DescribedPredicate<JavaClass> predicate) {
        return predicate;
    }

    private static DescribedPredicate<JavaClass> named(String regex) {
        return describe("named " + regex, c -> c.getName().matches(regex));
    }
}
