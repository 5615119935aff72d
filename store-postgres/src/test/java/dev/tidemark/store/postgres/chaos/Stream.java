package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one watch delivered.
 *
 * @param kind the only kind that it watches, or {@link Call#NONE} for all
 * @param start the changes are those behind this revision; -1 while that is not known
 * @param replayed the state at {@code start}, if it was asked for; the parts before a fault may be of an earlier revision
 * @param problems what a watch should not do
 */
record Stream(
        String name,
        long namespace,
        String kind,
        boolean replay,
        long start,
        List<Row> replayed,
        List<Row> changes,
        List<String> problems) {

    boolean covers(String otherKind) {
        return kind.equals(Call.NONE) || kind.equals(otherKind);
    }

    /** The revision to go on after; -1 when the watch has to be started anew. */
    long last() {
        long newest = changes.isEmpty() ? 0 : changes.get(changes.size() - 1).revision();
        return start < 0 ? start : Math.max(start, newest);
    }

    static Stream read(Path file) throws IOException {
        List<Row> replayed = new ArrayList<>();
        List<Row> changes = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        long namespace = 0;
        String kind = Call.NONE;
        boolean replay = false;
        long start = -1;
        for (String[] fields : Recorder.read(file)) {
            switch (fields[0]) {
                case "H" -> {
                    namespace = Long.parseLong(fields[1]);
                    kind = fields[2];
                    replay = Boolean.parseBoolean(fields[3]);
                }
                case "R" -> replayed.add(Row.ofFields(fields));
                case "S" -> start = Long.parseLong(fields[1]);
                case "C" -> changes.add(Row.ofFields(fields));
                default -> problems.add(String.join(" ", fields));
            }
        }
        return new Stream(file.getFileName().toString(), namespace, kind, replay, start, replayed, changes, problems);
    }
}
