package dev.tidemark.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Part of a listing, as it stood at one revision. Immutable.
 *
 * @param items what was selected, by key
 * @param token the key behind which the next page starts, or null when this is the last
 * @param revision the revision that the page shows; a watch that starts after it misses nothing
 * @param <T> what is listed
 * @since 0.1
 */
public record Page<T>(List<T> items, @Nullable String token, long revision) {

    public Page {
        items = List.copyOf(items);
    }

    /** The token to pass to {@link ListOptions#withAfter}, or empty when nothing follows. */
    public Optional<String> next() {
        return Optional.ofNullable(token);
    }
}
