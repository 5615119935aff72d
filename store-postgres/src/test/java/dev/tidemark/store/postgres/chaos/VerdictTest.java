package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A verdict is worth something only if it finds fault: each test spoils sound evidence in one way. */
class VerdictTest {
    private static final String K = "kind";
    private final List<Row> rows = new ArrayList<>();
    private final List<Row> table = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Row> seen = new ArrayList<>();
    private final List<Row> replayed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> notes = new HashSet<>();
    private long clock;

    VerdictTest() {
        call("c1", Op.CREATE, Outcome.DONE, List.of(Step.create(K, "a", "c1.0")), "71");
        call("c2", Op.SET, Outcome.DONE, List.of(Step.set(K, "a", "c2.0")), "UPDATED");
        call("c3", Op.UPDATE, Outcome.DONE, List.of(Step.set(K, "a", "c3.0")), "c3.0:1");
        call("c4", Op.BATCH, Outcome.DONE, batch("c4"), "6", "2", "0", "0", "1");
        call("c5", Op.GET, Outcome.DONE, List.of(Step.read(K, "b")), "c4.0:0", "75", "1");
        call("c6", Op.REPLACE, Outcome.DONE, List.of(new Step(K, "b", "c6.0", "c4.0")), "76");
        call("c7", Op.FOREIGN, Outcome.DONE, List.of(Step.set(K, "d", "c7.0"), Step.delete(K, "c")), "-", "c4.1:0");
        call("c8", Op.SET, Outcome.UNKNOWN, List.of(Step.set(K, "b", "c8.0")));
        call("c9", Op.DELETE, Outcome.UNKNOWN, List.of(Step.delete(K, "d")));
        call("c10", Op.SET, Outcome.FAILED, List.of(Step.set(K, "e", "c10.0")), "away");
        call("c11", Op.DELETE, Outcome.DONE, List.of(Step.delete(K, "e")), "-");
        notes.add("c7");
        Collections.addAll(
                rows,
                new Row(1, "CREATED", K, "a", 1, "c1.0:0"),
                new Row(2, "UPDATED", K, "a", 2, "c2.0:0"),
                new Row(3, "UPDATED", K, "a", 3, "c3.0:1"),
                new Row(4, "CREATED", K, "b", 1, "c4.0:0"),
                new Row(5, "CREATED", K, "c", 1, "c4.1:0"),
                new Row(6, "DELETED", K, "a", 3, "c3.0:1"),
                new Row(7, "UPDATED", K, "b", 2, "c6.0:0"),
                new Row(8, "CREATED", K, "d", 1, "c7.0:0"),
                new Row(9, "DELETED", K, "c", 0, "c4.1:0"),
                new Row(10, "UPDATED", K, "b", 3, "c8.0:0"),
                new Row(12, "DELETED", K, "d", 1, "c7.0:0"));
        table.add(new Row(0, "", K, "b", 3, "c8.0:0"));
        replayed.add(new Row(2, "CREATED", K, "a", 2, "c2.0:0"));
        seen.addAll(rows.subList(2, rows.size()));
    }

    private static List<Step> batch(String id) {
        return List.of(Step.set(K, "b", id + ".0"), Step.create(K, "c", id + ".1"), Step.delete(K, "a"));
    }

    private void call(String id, Op op, Outcome outcome, List<Step> steps, String... details) {
        long invoked = clock += 10;
        calls.add(new Call(id, op, 0, steps, invoked, 0, outcome, List.of())
                .ended(outcome, invoked + 5, List.of(details)));
    }

    private List<String> problems() {
        long start = replayed.stream().mapToLong(Row::revision).max().orElse(2);
        Stream stream = new Stream("watch", 0, Call.NONE, true, start, replayed, seen, problems);
        return Verdict.of(new Evidence(0, rows, table, calls, List.of(stream), notes))
                .findings()
                .problems();
    }

    private void finds(String problem) {
        assertThat(problems()).anySatisfy(found -> assertThat(found).contains(problem));
    }

    private void replaceCall(String id, Outcome outcome, long invoked, long returned, String... details) {
        calls.replaceAll(call -> !call.id().equals(id)
                ? call
                : new Call(id, call.op(), 0, call.steps(), invoked, returned, outcome, List.of(details)));
    }

    private void replaceRow(int index, String type, long version, String value) {
        Row old = rows.get(index);
        Row row = new Row(old.revision(), type, old.kind(), old.key(), version, value);
        rows.set(index, row);
        seen.replaceAll(change -> change.equals(old) ? row : change);
    }

    @Test
    void soundEvidence() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void aChangeThatAWatchMissed() {
        seen.remove(3);
        finds("is not the outbox");
    }

    @Test
    void theLastChangeMissed() {
        seen.remove(seen.size() - 1);
        finds("is not the outbox");
    }

    @Test
    void aChangeDeliveredTwice() {
        seen.add(4, seen.get(3));
        finds("is not the outbox");
    }

    @Test
    void twoChangesSwapped() {
        Collections.swap(seen, 1, 2);
        finds("is not the outbox");
    }

    @Test
    void aChangeDeliveredWithAnotherVersion() {
        Row row = seen.get(0);
        seen.set(0, new Row(row.revision(), row.type(), row.kind(), row.key(), 9, row.value()));
        finds("is not the outbox");
    }

    @Test
    void aReplayOfAnotherState() {
        replayed.clear();
        finds("replays another state");
    }

    /** "a" was shown as of revision 2, and what follows it as of revision 5, when the snapshot was a newer one. */
    private void replayInTwoParts() {
        replayed.add(new Row(5, "CREATED", K, "b", 1, "c4.0:0"));
        replayed.add(new Row(5, "CREATED", K, "c", 1, "c4.1:0"));
        seen.removeIf(row -> row.revision() == 4 || row.revision() == 5);
    }

    @Test
    void aReplayThatWentOnWithANewerSnapshot() {
        replayInTwoParts();
        assertThat(problems()).isEmpty();
    }

    @Test
    void aChangeBetweenTheSnapshotsMissed() {
        replayInTwoParts();
        seen.remove(0);
        finds("is not the outbox");
    }

    @Test
    void aChangeAlreadyReplayed() {
        replayInTwoParts();
        seen.add(1, rows.get(3));
        finds("is not the outbox");
    }

    @Test
    void aReplayThatMissesAKey() {
        replayInTwoParts();
        replayed.remove(2);
        finds("replays another state");
    }

    @Test
    void aReplayOutOfOrder() {
        replayInTwoParts();
        Collections.swap(replayed, 1, 2);
        finds("a replay out of order");
    }

    @Test
    void aWatchThatEnded() {
        problems.add("X overflow");
        finds("an end that no watch should have");
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
