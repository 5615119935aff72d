package dev.tidemark.store.postgres.chaos;

import java.util.List;
import java.util.Map;

/** What a watch delivered is the outbox behind its start, and adds up to the table. */
final class StreamCheck {
    private StreamCheck() {}

    static void run(Evidence evidence, Stream stream, Findings findings) {
        stream.problems().forEach(problem -> findings.add("an end that no watch should have", stream.name(), problem));
        if (stream.start() < 0) {
            findings.add("a watch that never began", stream.name());
            return;
        }
        List<Row> rows = evidence.rows().stream()
                .filter(row -> stream.covers(row.kind()))
                .toList();
        List<Row> table = evidence.table().stream()
                .filter(row -> stream.covers(row.kind()))
                .toList();
        Findings first = new Findings();
        check(stream, rows, table, new Replay(stream, true), first);
        Findings second = new Findings();
        check(stream, rows, table, new Replay(stream, false), second);
        if (!first.isEmpty() && !second.isEmpty()) {
            findings.addAll(first);
        }
        Replay.checkForm(stream, findings);
    }

    private static void check(Stream stream, List<Row> rows, List<Row> table, Replay replay, Findings findings) {
        Map<Chains.Name, Row> base = replay.state(rows);
        if (stream.replay()) {
            TableCheck.compare(stream.name() + " replays another state", base, stream.replayed(), findings);
            base = TableCheck.fold(Map.of(), stream.replayed());
        }
        compare(stream, rows.stream().filter(replay::isBehind).toList(), findings);
        TableCheck.compare(
                stream.name() + " adds up to another table", TableCheck.fold(base, stream.changes()), table, findings);
    }

    /** Tells only where they part. */
    private static void compare(Stream stream, List<Row> expected, Findings findings) {
        List<Row> changes = stream.changes();
        int common = Math.min(expected.size(), changes.size());
        int place = 0;
        while (place < common && expected.get(place).equals(changes.get(place))) {
            place++;
        }
        if (place < Math.max(expected.size(), changes.size())) {
            findings.add(
                    stream.name() + " is not the outbox: they part at change " + place,
                    "outbox: " + window(expected, place),
                    "watch:  " + window(changes, place));
        }
    }

    private static List<Row> window(List<Row> rows, int place) {
        return rows.subList(
                Math.max(0, Math.min(place - 2, rows.size())), Math.max(0, Math.min(place + 3, rows.size())));
    }
}
