package dev.tidemark.store.sqlite;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads from a watch, in the words of {@link Database#history}. */
final class Watcher {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Watcher() {}

    /** The changes up to a revision; fails when they don't come. */
    static List<String> upTo(long revision, Watch<String> watch) throws InterruptedException {
        List<String> changes = new ArrayList<>();
        while (watch.revision() < revision) {
            changes.add(text(watch.poll(PATIENCE).orElseThrow(() -> new AssertionError("no change after " + changes))));
        }
        return changes;
    }

    private static String text(Change<String> change) {
        String type = switch (change.type()) {
            case CREATED -> "create";
            case UPDATED -> "update";
            case DELETED -> "delete";
        };
        return change.revision() + " " + type + " " + change.kind() + "/" + change.key() + " " + change.version() + " "
                + change.value();
    }
}
