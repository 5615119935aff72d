package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.Verdict.Seen;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who watches, and what becomes of the history meanwhile. */
enum Scene {
    /** Watches that stay from the beginning, when there is nothing to replay, to the end. */
    STAYING,
    /** Beside them watches that come and go, each with a replay of many pages that it takes its time to read. */
    REPLAYING,
    /**
     * History may go as soon as all watches that stay have delivered it. Others resume where it may be gone, some in a process in which
     * at times nobody watches.
     */
    COMPACTING;

    /** Process by process, the threads that watch. */
    List<List<String>> watchers() {
        return switch (this) {
            case STAYING -> List.of(stay(), stay());
            case REPLAYING -> List.of(stay(Visitor.REPLAYS, Visitor.REPLAYS), stay(Visitor.REPLAYS, Visitor.REPLAYS));
            case COMPACTING ->
                List.of(stay(Visitor.REPLAYS, Visitor.REPLAYS), stay(Visitor.RESUMES), List.of(Visitor.RESUMES));
        };
    }

    private static List<String> stay(String... visitors) {
        return Stream.concat(Watcher.TASKS.stream().map(Watcher.Task::name), Stream.of(visitors))
                .toList();
    }

    /** Whether enough was seen of what it is about. */
    boolean isPlayed(Map<Seen, Integer> seen) {
        return least().entrySet().stream().allMatch(least -> seen.getOrDefault(least.getKey(), 0) >= least.getValue());
    }

    private Map<Seen, Integer> least() {
        return switch (this) {
            case STAYING -> Map.of();
            case REPLAYING -> Map.of(Seen.REPLAYS, 8, Seen.MENDED_REPLAYS, 3);
            case COMPACTING -> Map.of(Seen.REPLAYS, 2, Seen.RESUMES, 6, Seen.REFUSALS, 3, Seen.COMPACTIONS, 20);
        };
    }

    boolean hasReplays() {
        return this != STAYING;
    }

    boolean isCompacted() {
        return this == COMPACTING;
    }
}
