package io.kvd.bench.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import io.kvd.bench.broken.client.MakesThreads;
import io.kvd.bench.broken.core.base.KnowsRaft;
import io.kvd.bench.broken.core.kv.LosesOrder;
import io.kvd.bench.broken.core.kv.UsesRocksDb;
import io.kvd.bench.broken.core.node.ReadsTheClock;
import io.kvd.bench.broken.core.node.TouchesTheWorld;
import io.kvd.bench.broken.core.raft.UsesConcurrency;
import io.kvd.bench.broken.server.admin.DependsOnRuntime;
import io.kvd.bench.broken.server.net.KnowsStorage;
import io.kvd.bench.broken.server.runtime.NamelessThreads;
import io.kvd.bench.broken.server.runtime.ReadsRaftMessages;
import io.kvd.bench.broken.server.runtime.SomethingManager;
import io.kvd.bench.broken.server.storage.KnowsNet;
import io.kvd.bench.broken.server.storage.UsesNetty;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Keeps the rules of {@link ArchitectureRules}, and shows for each that it notices who breaks it. */
class ArchitectureTest {

    private static final String BROKEN = "io.kvd.bench.broken";

    // Generated code follows its generator's rules, not ours.
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/io/kvd/protocol/"))
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPackages("io.kvd");

    private static final JavaClasses BROKEN_ONES = new ClassFileImporter().importPackages(BROKEN);

    /** One rule's parts, each with the class that breaks it. */
    private record RuleCase(
            String name,
            Function<ArchitectureRules, List<ArchRule>> rules,
            List<Class<?>> culprits) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<RuleCase> cases() {
        return Stream.of(
                new RuleCase(
                        "1 raft is pure",
                        ArchitectureRules::raftIsPure,
                        List.of(UsesConcurrency.class, KnowsRaft.class)),
                new RuleCase(
                        "2 core touches nothing",
                        ArchitectureRules::coreTouchesNothing,
                        List.of(TouchesTheWorld.class, ReadsTheClock.class)),
                new RuleCase(
                        "3 libraries have one room",
                        ArchitectureRules::librariesHaveOneRoom,
                        List.of(UsesRocksDb.class, UsesNetty.class, ReadsRaftMessages.class)),
                new RuleCase(
                        "4 rooms form a tree",
                        ArchitectureRules::roomsFormATree,
                        List.of(
                                KnowsStorage.class,
                                KnowsNet.class,
                                KnowsStorage.class,
                                DependsOnRuntime.class)),
                new RuleCase(
                        "5 threads have a home and a name",
                        ArchitectureRules::threadsHaveAHomeAndAName,
                        List.of(MakesThreads.class, NamelessThreads.class)),
                new RuleCase(
                        "6 signatures are honest",
                        ArchitectureRules::signaturesAreHonest,
                        List.of(
                                SomethingManager.class,
                                SomethingManager.class,
                                SomethingManager.class,
                                SomethingManager.class)),
                new RuleCase(
                        "7 core is deterministic",
                        ArchitectureRules::coreIsDeterministic,
                        List.of(LosesOrder.class)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void houseKeepsTheRule(RuleCase rule) {
        for (ArchRule part : rule.rules().apply(new ArchitectureRules("io.kvd"))) {
            part.check(OURS);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ruleNoticesWhoBreaksIt(RuleCase rule) {
        List<ArchRule> parts = rule.rules().apply(new ArchitectureRules(BROKEN));

        assertThat(parts).hasSameSizeAs(rule.culprits());
        for (int i = 0; i < parts.size(); i++) {
            String report =
                    parts.get(i).evaluate(BROKEN_ONES).getFailureReport().toString();
            assertThat(report).contains(rule.culprits().get(i).getName());
        }
    }

    /** A reference counts like a call, and each forbidden call counts by itself. */
    @Test
    void everyForbiddenCallIsNoticed() {
        ArchitectureRules rules = new ArchitectureRules(BROKEN);
        ArchRule noClock = rules.coreTouchesNothing().get(1);
        ArchRule ordered = rules.coreIsDeterministic().get(0);
        ArchRule threadsAtHome = rules.threadsHaveAHomeAndAName().get(0);
        ArchRule threadsNamed = rules.threadsHaveAHomeAndAName().get(1);

        assertThat(violations(noClock, ReadsTheClock.class)).isEqualTo(ReadsTheClock.WAYS);
        assertThat(violations(ordered, LosesOrder.class)).isEqualTo(LosesOrder.WAYS);
        assertThat(violations(threadsAtHome, MakesThreads.class)).isEqualTo(MakesThreads.WAYS);
        assertThat(violations(threadsNamed, NamelessThreads.class)).isEqualTo(NamelessThreads.WAYS);
    }

    /** A rule about a package that moved away would hold for ever. */
    @Test
    void everyRoomThatARuleNamesIsSeen() {
        List<String> rooms = List.of(
                "core.base",
                "core.raft",
                "core.kv",
                "core.node",
                "core.codec",
                "core.client",
                "simulator",
                "server.storage",
                "server.net",
                "server.admin",
                "server.runtime",
                "client",
                "client.io",
                "cli",
                "bench");

        assertThat(rooms).allMatch(room -> OURS.containPackage("io.kvd." + room));
    }

    private static long violations(ArchRule rule, Class<?> culprit) {
        return rule.evaluate(BROKEN_ONES).getFailureReport().getDetails().stream()
                .filter(detail -> detail.contains(culprit.getName()))
                .count();
    }
}
