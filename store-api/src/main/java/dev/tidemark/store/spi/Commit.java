package dev.tidemark.store.spi;

import java.util.List;

/**
 * A write that is durable.
 *
 * @param revision the revision of its last change; when it changed nothing, a revision that the namespace stood at
 * @param outcomes what each {@link Op} did, in their order
 * @param <R> the stored representation
 * @since 0.1
 */
public record Commit<R>(long revision, List<Outcome<R>> outcomes) {

    /** Whether there is anything for a watch to see. */
    public boolean isChange() {
        return outcomes.stream().anyMatch(outcome -> outcome.effect().isChange());
    }
}
