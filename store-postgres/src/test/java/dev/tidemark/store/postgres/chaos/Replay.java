package dev.tidemark.store.postgres.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a replay promises: the state at one revision. When it loses its snapshot, it goes on with a newer one from the place that it
 * had reached, and what it showed before stays as old as it was.
 */
final class Replay {
    private static final Comparator<Chains.Name> ORDER =
            Comparator.comparing(Chains.Name::kind).thenComparing(Chains.Name::key);

    /** From the name {@code from} on, the state is that of the revision. */
    private record Part(Chains.Name from, long revision) {}

    private final List<Part> parts = new ArrayList<>();

    /**
     * Finds the parts of a replay.
     *
     * @param atKinds the part that follows another kind's begins with its kind; otherwise with whatever may follow the last entry
     *     before it. A record does not tell which
     */
    Replay(Stream stream, boolean atKinds) {
        parts.add(new Part(new Chains.Name("", ""), stream.start()));
        Row last = null;
        for (Row row : stream.replayed()) {
            if (last == null) {
                parts.set(0, new Part(new Chains.Name("", ""), row.revision()));
            } else if (row.revision() != last.revision()) {
                boolean otherKind = atKinds && !row.kind().equals(last.kind());
                Chains.Name from =
                        otherKind ? new Chains.Name(row.kind(), "") : new Chains.Name(last.kind(), last.key() + '\0');
                parts.add(new Part(from, row.revision()));
            }
            last = row;
        }
    }

    /** Whether a change is behind what the replay showed of its key. */
    boolean isBehind(Row row) {
        Chains.Name name = new Chains.Name(row.kind(), row.key());
        long revision = 0;
        for (Part part : parts) {
            if (ORDER.compare(part.from(), name) <= 0) {
                revision = part.revision();
            }
        }
        return row.revision() > revision;
    }

    /** What it had to show. */
    Map<Chains.Name, Row> state(List<Row> rows) {
        return TableCheck.fold(
                Map.of(), rows.stream().filter(row -> !isBehind(row)).toList());
    }

    /** In order, no key twice, every part newer than the one before it. */
    static void checkForm(Stream stream, Findings findings) {
        Row last = null;
        for (Row row : stream.replayed()) {
            Chains.Name name = new Chains.Name(row.kind(), row.key());
            boolean behind = last == null || ORDER.compare(new Chains.Name(last.kind(), last.key()), name) < 0;
            boolean newer = last == null || last.revision() <= row.revision();
            if (!row.type().equals("CREATED") || !behind || !newer || row.revision() > stream.start()) {
                findings.add("a replay out of order", stream.name(), last, row);
            }
            last = row;
        }
    }
}
