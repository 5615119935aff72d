package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one watch delivered.
 *
 * @param kind the only kind that it watches, or {@link Call#NONE} for all
 * @param start the changes are those behind this revision; -1 while that is not known
 * @param replayed the state at {@code start}, if it was asked for; the parts before a fault may be of an earlier revision
 * @param early how many of the changes it delivered before it said that the replay was over
 * @param end up to where it had delivered everything when it was over; {@link #OPEN} for one that goes on to the last
 * @param refusals that history was gone; one at most
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
        int early,
        long end,
        List<Refusal> refusals,
        List<String> problems) {
    static final long OPEN = Long.MAX_VALUE;

    private static final int HEADER = 100;
    private static final int TAIL = 10_000;

    /** A watch says that it can't go on behind one revision, and from which on it could. */
    record Refusal(long requested, long oldest) {}

    boolean covers(String otherKind) {
        return kind.equals(Call.NONE) || kind.equals(otherKind);
    }

    /** The revision to go on after; -1 when the watch has to be started anew. */
    long last() {
        long newest = changes.isEmpty() ? 0 : changes.get(changes.size() - 1).revision();
        return start < 0 ? start : Math.max(start, newest);
    }

    boolean isOpen() {
        return end == OPEN;
    }

    /** How many snapshots it took to replay the state. */
    long parts() {
        return replayed.stream().mapToLong(Row::revision).distinct().count();
    }

    /** The revision up to which a record goes; -1 when it has yet to tell where it starts, and no end when it is of another namespace. */
    static long last(Path file, long namespace) throws IOException {
        List<String[]> header = Recorder.read(file, 0, HEADER);
        if (!header.isEmpty() && Long.parseLong(header.get(0)[1]) != namespace) {
            return Long.MAX_VALUE;
        }
        List<String[]> lines = Recorder.read(file, Math.max(0, Files.size(file) - TAIL), TAIL);
        for (int i = lines.size() - 1; i >= 0; i--) {
            String[] fields = lines.get(i);
            if (fields[0].equals("C") || fields[0].equals("S")) {
                return Long.parseLong(fields[1]);
            }
        }
        return -1;
    }

    /** The watches of one visitor; not those that could not be opened, or did not survive their process. */
    static List<Stream> visits(Path file) throws IOException {
        List<Stream> visits = new ArrayList<>();
        List<String[]> lines = new ArrayList<>();
        for (String[] fields : Recorder.read(file)) {
            if (fields[0].equals("H")) {
                lines.clear();
            }
            lines.add(fields);
            if (fields[0].equals("E")) {
                visits.add(of(file.getFileName() + " " + visits.size(), lines));
            }
        }
        return visits;
    }

    static Stream read(Path file) throws IOException {
        return of(file.getFileName().toString(), Recorder.read(file));
    }

    private static Stream of(String name, List<String[]> lines) {
        List<Row> replayed = new ArrayList<>();
        List<Row> changes = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        long namespace = 0;
        String kind = Call.NONE;
        boolean replay = false;
        long start = -1;
        int early = 0;
        long end = OPEN;
        List<Refusal> refusals = new ArrayList<>();
        for (String[] fields : lines) {
            switch (fields[0]) {
                case "H" -> {
                    namespace = Long.parseLong(fields[1]);
                    kind = fields[2];
                    replay = Boolean.parseBoolean(fields[3]);
                }
                case "R" -> replayed.add(Row.ofFields(fields));
                case "S" -> {
                    start = Long.parseLong(fields[1]);
                    early = changes.size();
                }
                case "G" -> refusals.add(new Refusal(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
                case "E" -> end = Long.parseLong(fields[1]);
                case "C" -> changes.add(Row.ofFields(fields));
                default -> problems.add(String.join(" ", fields));
            }
        }
        return new Stream(
                name, namespace, kind, replay, start, replayed, changes, early, end, List.copyOf(refusals), problems);
    }
}
