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

/** Sound evidence of a few calls and one watch, for tests that spoil it in one way each, and have the verdict find that. */
abstract class SpoiltEvidence {
    static final String K = "kind";
    final List<Row> rows = new ArrayList<>();
    final List<Row> table = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<Row> seen = new ArrayList<>();
    final List<Row> replayed = new ArrayList<>();
    final List<String> problems = new ArrayList<>();
    final Set<String> notes = new HashSet<>();
    final List<Stream.Refusal> refusals = new ArrayList<>();
    final List<Gone> gone = new ArrayList<>();
    boolean replay = true;
    int early = 3;
    long end = Stream.OPEN;
    long floor;
    private long clock;

    SpoiltEvidence() {
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

    void call(String id, Op op, Outcome outcome, List<Step> steps, String... details) {
        long invoked = clock += 10;
        calls.add(new Call(id, op, 0, steps, invoked, 0, outcome, List.of())
                .ended(outcome, invoked + 5, List.of(details)));
    }

    Verdict verdict() {
        long start = replayed.stream().mapToLong(Row::revision).max().orElse(2);
        Stream stream =
                new Stream("watch", 0, Call.NONE, replay, start, replayed, seen, early, end, refusals, problems);
        return Verdict.of(new Evidence(0, rows, table, calls, List.of(stream), notes, gone, floor));
    }

    List<String> problems() {
        return verdict().findings().problems();
    }

    void finds(String problem) {
        assertThat(problems()).anySatisfy(found -> assertThat(found).contains(problem));
    }

    void replaceCall(String id, Outcome outcome, long invoked, long returned, String... details) {
        calls.replaceAll(call -> !call.id().equals(id)
                ? call
                : new Call(id, call.op(), 0, call.steps(), invoked, returned, outcome, List.of(details)));
    }

    void replaceRow(int index, String type, long version, String value) {
        Row old = rows.get(index);
        Row row = new Row(old.revision(), type, old.kind(), old.key(), version, value);
        rows.set(index, row);
        seen.replaceAll(change -> change.equals(old) ? row : change);
    }
}
