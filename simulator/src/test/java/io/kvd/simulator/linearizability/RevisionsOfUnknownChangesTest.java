package io.kvd.simulator.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.simulator.history.HistoryFormatException;
import io.kvd.simulator.history.HistoryReader;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A change takes a revision of its own, also one that nobody was answered. */
class RevisionsOfUnknownChangesTest {
    private static final String FIRST_PUT =
            "{'client':1,'op':'put','key':'a','value':'1','call':0,'return':10,'status':'ok','result':{'revision':5}}";

    @Test
    void unknownPutIsNotSeenBelowARevisionThatWasToldBeforeItsCall() {
        assertImpossible(
                FIRST_PUT,
                "{'client':2,'op':'put','key':'b','value':'2','call':20,'status':'unknown'}",
                "{'client':3,'op':'get','key':'b','call':30,'return':40,'status':'ok','result':{'value':'2','revision':4}}");
    }

    @Test
    void unknownPutIsNotSeenWithTheRevisionOfAnotherKeysChange() {
        assertImpossible(
                FIRST_PUT,
                "{'client':2,'op':'put','key':'b','value':'2','call':0,'status':'unknown'}",
                "{'client':3,'op':'get','key':'b','call':30,'return':40,'status':'ok','result':{'value':'2','revision':5}}");
    }

    @Test
    void twoUnknownPutsAreNotSeenWithOneRevision() {
        assertImpossible(
                "{'client':1,'op':'put','key':'a','value':'1','call':0,'status':'unknown'}",
                "{'client':2,'op':'put','key':'b','value':'2','call':0,'status':'unknown'}",
                "{'client':3,'op':'get','key':'a','call':30,'return':40,'status':'ok','result':{'value':'1','revision':5}}",
                "{'client':3,'op':'get','key':'b','call':50,'return':60,'status':'ok','result':{'value':'2','revision':5}}");
    }

    @Test
    void unknownDeleteExplainsNoAbsenceWhereEveryRevisionIsTaken() {
        String second =
                "{'client':1,'op':'put','key':'b','value':'2','call':20,'return':30,'status':'ok','result':{'revision':6}}";
        String delete = "{'client':2,'op':'delete','key':'a','call':15,'status':'unknown'}";
        String absent =
                "{'client':3,'op':'get','key':'a','call':40,'return':50,'status':'ok','result':null}";
        String third =
                "{'client':1,'op':'put','key':'b','value':'3','call':60,'return':70,'status':'ok','result':{'revision':7}}";

        assertImpossible(FIRST_PUT, delete, second, absent, third);
        assertPossible(FIRST_PUT, delete, second, absent, third.replace(":7}", ":8}"));
        assertPossible(
                FIRST_PUT,
                delete,
                second.replace(":6}", ":7}"),
                absent,
                third.replace(":7}", ":8}"));
    }

    @Test
    void answeredDeleteWithoutRevisionIsNotSqueezedBetweenConsecutiveOnes() {
        String delete =
                "{'client':1,'op':'delete','key':'a','call':20,'return':30,'status':'ok','result':{'existed':true}}";
        String put =
                "{'client':1,'op':'put','key':'b','value':'2','call':40,'return':50,'status':'ok','result':{'revision':6}}";

        assertImpossible(FIRST_PUT, delete, put);
        assertPossible(FIRST_PUT, delete, put.replace(":6}", ":7}"));
    }

    @Test
    void rangesTellTheRevisionsOfUnknownChanges() {
        assertImpossible(
                FIRST_PUT,
                "{'client':2,'op':'put','key':'b','value':'2','call':20,'status':'unknown'}",
                "{'client':3,'op':'range','key':'b','end':'c','call':30,'return':40,'status':'ok',"
                        + "'result':{'rows':[{'key':'b','value':'2','revision':5}],'more':false}}");
    }

    @Test
    void unknownBatchHasOneRevisionForAllOfItsKeys() {
        String batch = "{'client':2,'op':'batch','call':20,'status':'unknown','ops':["
                + "{'op':'put','key':'b','value':'2'},{'op':'put','key':'c','value':'3'}]}";
        String b =
                "{'client':3,'op':'get','key':'b','call':30,'return':40,'status':'ok','result':{'value':'2','revision':6}}";
        String c =
                "{'client':3,'op':'get','key':'c','call':50,'return':60,'status':'ok','result':{'value':'3','revision':6}}";

        assertPossible(FIRST_PUT, batch, b, c);
        assertImpossible(FIRST_PUT, batch, b, c.replace(":6}", ":7}"));
    }

    @Test
    void unknownCompareAndSetTakesARevisionToo() {
        String cas =
                "{'client':2,'op':'cas','key':'a','expected':5,'value':'2','call':20,'status':'unknown'}";
        String read =
                "{'client':3,'op':'get','key':'a','call':30,'return':40,'status':'ok','result':{'value':'2','revision':6}}";
        String other =
                "{'client':1,'op':'put','key':'b','value':'9','call':50,'return':60,'status':'ok','result':{'revision':7}}";

        assertPossible(FIRST_PUT, cas, read, other);
        assertImpossible(FIRST_PUT, cas, read, other.replace(":7}", ":6}"));
    }

    private static void assertImpossible(String... lines) {
        assertThat(check(lines)).isInstanceOf(Verdict.NotLinearizable.class);
    }

    private static void assertPossible(String... lines) {
        assertThat(check(lines)).isInstanceOf(Verdict.Linearizable.class);
    }

    private static Verdict check(String... lines) {
        String text = String.join("\n", lines).replace('\'', '"') + "\n";
        try {
            return new LinearizabilityChecker(Budget.DEFAULT)
                    .check(HistoryReader.read(
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException | HistoryFormatException e) {
            throw new AssertionError(text, e);
        }
    }
}
