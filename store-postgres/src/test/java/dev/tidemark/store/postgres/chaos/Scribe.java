package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.Watch;
import java.util.Optional;

/** Puts on record what a watch delivers: the replay, the revision at which it starts, and each change. */
final class Scribe {
    private final Recorder record;
    private long start;
    private long replayRevision = -1;

    /** Goes on with a record that has that start; -1 if it has none. */
    Scribe(Recorder record, long start) {
        this.record = record;
        this.start = start;
    }

    boolean hasStarted() {
        return start >= 0;
    }

    /** The changes are those behind this revision. */
    void started(long revision) {
        start = revision;
        record.line("S", "" + revision);
    }

    /** A replay that is broken off before its end was on record starts over. */
    void deliver(Watch<String> watch, Optional<Change<String>> delivered) {
        if (delivered.isPresent()) {
            Change<String> change = delivered.get();
            String[] fields = new Row(
                            change.revision(),
                            change.type().name(),
                            change.kind(),
                            change.key(),
                            change.version(),
                            change.value())
                    .fields();
            if (change.replayed()) {
                replayRevision = change.revision();
                fields[0] = "R";
            } else if (replayRevision < 0) {
                replayRevision = change.revision() - 1;
            }
            record.line(fields);
        }
        if (!hasStarted() && watch.isSynced()) {
            started(replayRevision < 0 ? watch.revision() : replayRevision);
        }
    }

    /** The watch says that history is gone. */
    void refused(HistoryCompactedException gone) {
        record.line("G", "" + gone.requested(), "" + gone.oldest());
    }

    /** The watch ended as it should not. */
    void failed(Exception why) {
        record.line("X", why.toString().replaceAll("\\s+", " "));
    }

    /** The watch has ended, and had delivered everything up to this revision. */
    void ended(long revision) {
        record.line("E", "" + revision);
    }
}
