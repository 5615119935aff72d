package dev.tidemark.store.postgres.chaos;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** History goes from its beginning on, and not before its time; and who is told that it is gone has missed some of it. */
final class CompactionCheck {
    private CompactionCheck() {}

    static void run(Evidence evidence, Findings findings) {
        Set<Long> gone = new HashSet<>();
        Map<Long, Long> floors = new HashMap<>();
        for (Gone change : evidence.gone()) {
            gone.add(change.revision());
            floors.merge(change.compaction(), change.revision(), Math::max);
            if (!change.wasOld()) {
                findings.add("gone before its time", change);
            }
        }
        checkFloor(evidence, gone, findings);
        Set<Long> places = new HashSet<>(floors.values());
        evidence.streams().forEach(stream -> checkRefusals(stream, places, findings));
    }

    private static void checkFloor(Evidence evidence, Set<Long> gone, Findings findings) {
        long newest = gone.stream().mapToLong(Long::longValue).max().orElse(0);
        if (newest != evidence.floor()) {
            findings.add("the floor is not where history begins", "floor " + evidence.floor(), "gone up to " + newest);
        }
        for (Row row : evidence.rows()) {
            if (row.revision() <= newest && !gone.contains(row.revision())) {
                findings.add("history has a hole: still there, but not what follows", row);
            }
        }
    }

    /** The oldest place to resume at was one, and the watch stood before it. */
    private static void checkRefusals(Stream stream, Set<Long> floors, Findings findings) {
        for (Stream.Refusal refusal : stream.refusals()) {
            boolean missed = stream.end() <= refusal.requested() && refusal.requested() < refusal.oldest();
            if (!missed || !floors.contains(refusal.oldest())) {
                findings.add("refused for what it had not missed", stream.name() + " up to " + stream.end(), refusal);
            }
        }
    }
}
