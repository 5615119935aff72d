package dev.tidemark.store.postgres.chaos;

import java.util.List;
import java.util.Map;

/** What a watch delivered is the outbox behind its start, and adds up to the table, or to what the table was at its end. */
final class StreamCheck {
    private StreamCheck() {}

    static void run(Evidence evidence, Stream stream, Findings findings) {
        stream.problems().forEach(problem -> findings.add("an end that no watch should have", stream.name(), problem));
        if (stream.start() >= 0) {
            checkBegun(evidence, stream, findings);
        } else if (stream.refusals().isEmpty()) {
            findings.add("a watch that never began", stream.name());
        }
    }

    private static void checkBegun(Evidence evidence, Stream stream, Findings findings) {
        List<Row> rows = evidence.rows().stream()
                .filter(row -> row.revision() <= stream.end() && stream.covers(row.kind()))
                .toList();
        List<Row> table = stream.isOpen() ? table(evidence, stream) : stateAfter(rows);
        Findings first = new Findings();
        check(stream, rows, table, new Replay(stream, true), first);
        Findings second = new Findings();
        check(stream, rows, table, new Replay(stream, false), second);
        if (!first.isEmpty() && !second.isEmpty()) {
            findings.addAll(first);
        }
        Replay.checkForm(stream, findings);
    }

    private static List<Row> table(Evidence evidence, Stream stream) {
        return evidence.table().stream()
                .filter(row -> stream.covers(row.kind()))
                .toList();
    }

    private static List<Row> stateAfter(List<Row> rows) {
        return List.copyOf(TableCheck.fold(Map.of(), rows).values());
    }

    private static void check(Stream stream, List<Row> rows, List<Row> table, Replay replay, Findings findings) {
        Map<Chains.Name, Row> base = replay.state(rows);
        if (stream.replay()) {
            TableCheck.compare(stream.name() + " replays another state", base, stream.replayed(), findings);
            base = TableCheck.fold(Map.of(), stream.replayed());
        }
        List<Row> expected = rows.stream().filter(replay::isBehind).toList();
        compare(stream, expected, findings);
        long due = expected.stream()
                .filter(row -> row.revision() <= stream.start())
                .count();
        if (stream.early() < due) {
            findings.add(stream.name() + " said too early that its replay was over", stream.early() + " of " + due);
        }
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
