package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A verdict is worth something only if it finds fault with spoilt evidence: here, of what was written and read. */
class VerdictTest extends SpoiltEvidence {

    @Test
    void soundEvidence() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void aTableThatTheOutboxDoesNotExplain() {
        table.set(0, new Row(0, "", K, "b", 3, "c6.0:0"));
        finds("adds up to another table");
    }

    @Test
    void anEntryWithAnotherVersion() {
        table.set(0, new Row(0, "", K, "b", 4, "c8.0:0"));
        finds("adds up to another table");
    }

    @Test
    void anAcknowledgedWriteThatWasLost() {
        call("c12", Op.SET, Outcome.DONE, List.of(Step.set(K, "z", "c12.0")), "CREATED");
        finds("acknowledged, but not stored");
    }

    @Test
    void anAcknowledgedDeleteThatWasLost() {
        call("c12", Op.DELETE, Outcome.DONE, List.of(Step.delete(K, "b")), "c8.0:0");
        finds("an acknowledged delete that did not happen");
    }

    @Test
    void aValueDeletedByTwo() {
        call("c12", Op.DELETE, Outcome.DONE, List.of(Step.delete(K, "c")), "c4.1:0");
        finds("one value was deleted by two");
    }

    @Test
    void aCleanFailureThatWasStored() {
        replaceCall("c8", Outcome.FAILED, 80, 85, "timeout");
        finds("failed cleanly, but stored");
    }

    @Test
    void aRefusalThatWasStored() {
        replaceCall("c6", Outcome.REFUSED, 60, 65, "conflict");
        finds("failed cleanly, but stored");
    }

    @Test
    void aDeleteOfNobody() {
        replaceCall("c9", Outcome.FAILED, 90, 95, "timeout");
        finds("a delete that nobody asked for");
    }

    @Test
    void aChangeOfNobody() {
        calls.removeIf(call -> call.id().equals("c8"));
        finds("a change that nobody asked for");
    }

    @Test
    void aTornWrite() {
        call("c12", Op.BATCH, Outcome.UNKNOWN, List.of(Step.set(K, "b", "c8.0"), Step.set(K, "q", "c12.1")));
        finds("a torn write");
    }

    @Test
    void aValueStoredTwice() {
        rows.add(new Row(13, "UPDATED", K, "b", 4, "c6.0:0"));
        finds("a value was stored twice");
    }

    @Test
    void aLostUpdate() {
        replaceRow(2, "UPDATED", 3, "c3.0:2");
        finds("a lost update");
    }

    @Test
    void aReplaceOfAnotherValue() {
        calls.replaceAll(call -> !call.id().equals("c6")
                ? call
                : new Call(
                        "c6",
                        Op.REPLACE,
                        0,
                        List.of(new Step(K, "b", "c6.0", "c2.0")),
                        call.invoked(),
                        call.returned(),
                        Outcome.DONE,
                        List.of("76")));
        finds("replaced another value");
    }

    @Test
    void anotherResultThanTheAcknowledgedOne() {
        replaceCall("c2", Outcome.DONE, 20, 25, "CREATED");
        finds("another effect");
    }

    @Test
    void aSummaryThatIsNotTrue() {
        replaceCall("c4", Outcome.DONE, 40, 45, "6", "1", "1", "0", "1");
        finds("a summary that is not true");
    }

    @Test
    void aBatchWithAHole() {
        Row last = rows.get(5);
        rows.set(5, new Row(7, last.type(), last.kind(), last.key(), last.version(), last.value()));
        replaceCall("c4", Outcome.DONE, 40, 45, "7", "2", "0", "0", "1");
        finds("don't follow one another");
    }

    @Test
    void revisionsThatFall() {
        Collections.swap(rows, 6, 7);
        finds("revisions have to rise");
    }

    @Test
    void aChangeOfTheWrongType() {
        replaceRow(3, "UPDATED", 1, "c4.0:0");
        finds("a change of the wrong type");
    }

    @Test
    void aWrongVersion() {
        replaceRow(6, "UPDATED", 3, "c6.0:0");
        finds("a change with the wrong version");
    }

    @Test
    void aDeleteThatCarriesAnotherValue() {
        replaceRow(10, "DELETED", 1, "c1.0:0");
        finds("a delete carries another value");
    }

    @Test
    void ordersThatTheClockContradicts() {
        replaceCall("c1", Outcome.DONE, 26, 28, "71");
        finds("a change came before one that was acknowledged earlier");
    }

    @Test
    void aStaleRead() {
        call("c12", Op.GET, Outcome.DONE, List.of(Step.read(K, "b")), "c4.0:0", "75", "1");
        finds("a stale read");
    }

    @Test
    void aReadOfAValueThatWasDeletedBefore() {
        call("c12", Op.GET, Outcome.DONE, List.of(Step.read(K, "a")), "c3.0:1", "73", "3");
        finds("a stale read");
    }

    @Test
    void aReadThatMissedAWrite() {
        call("c12", Op.GET, Outcome.DONE, List.of(Step.read(K, "b")), "-");
        finds("a stale read");
    }

    @Test
    void readsThatGoBack() {
        call("c12", Op.GET, Outcome.DONE, List.of(Step.read(K, "b")), "c8.0:0", "78", "3");
        call("c13", Op.GET, Outcome.DONE, List.of(Step.read(K, "b")), "c6.0:0", "76", "2");
        finds("a stale read");
    }

    @Test
    void aReadFromTheFuture() {
        replaceCall("c5", Outcome.DONE, 31, 35, "c4.0:0", "75", "1");
        finds("read before it was written");
    }

    @Test
    void aWriteBehindWhatWasRead() {
        replaceCall("c5", Outcome.DONE, 56, 59, "c8.0:0", "78", "3");
        replaceCall("c8", Outcome.UNKNOWN, 55, Long.MAX_VALUE);
        finds("written behind what had been seen already");
    }

    @Test
    void aTagUsedTwice() {
        replaceCall("c6", Outcome.DONE, 60, 65, "75");
        finds("a tag was used twice");
    }

    @Test
    void theSameValueAgainChangedSomething() {
        call("c12", Op.AGAIN, Outcome.DONE, List.of(Step.set(K, "b", "c8.0")), "UPDATED");
        finds("the same value again has to change nothing");
    }

    @Test
    void aValueCreatedOverAnother() {
        calls.removeIf(call -> call.id().equals("c2"));
        call("c2", Op.CREATE, Outcome.UNKNOWN, List.of(Step.create(K, "a", "c2.0")));
        finds("created over a value");
    }

    @Test
    void aTransactionHalfDone() {
        notes.clear();
        finds("a transaction did only half of its work");
    }

    @Test
    void halfATransactionOnly() {
        call("c12", Op.JOINED, Outcome.FAILED, List.of(Step.set(K, "q", "c12.0")), "rolled back");
        notes.add("c12");
        finds("a transaction did only half of its work");
    }

    @Test
    void anExceptionThatNobodyExpects() {
        replaceCall("c10", Outcome.ODD, 100, 105, "NullPointerException");
        finds("an exception that nobody expects");
    }
}
