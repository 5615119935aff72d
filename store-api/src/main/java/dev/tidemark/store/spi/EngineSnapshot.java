package dev.tidemark.store.spi;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One namespace at one revision. For one thread at a time; each call is bounded by the engine's timeout.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public interface EngineSnapshot<R> extends AutoCloseable {

    /**
     * Some entries, by key.
     *
     * @param entries what was read
     * @param complete whether the range holds nothing behind them
     * @param <R> the stored representation
     */
    record Page<R>(List<Stored<R>> entries, boolean complete) {}

    /** The revision of the newest change it contains; 0 when there never was one. */
    long revision();

    /** The kinds with at least one key, in code point order. */
    List<String> kinds();

    /** How many keys of a kind lie in a range. */
    long count(String kind, KeyRange range);

    /** The first {@code limit} keys of a kind in a range, in order. */
    List<String> keys(String kind, KeyRange range, int limit);

    /**
     * The first entries of a kind in a range: at least one if there is any, at most {@code limit}, fewer when their values are
     * large.
     */
    Page<R> page(String kind, KeyRange range, int limit);

    /** The entries at those of the given keys that exist, in any order. */
    List<Stored<R>> getAll(String kind, Collection<String> keys);

    /**
     * Returns what to go on with after a read of this view failed in a way that may heal: a newer view of the same namespace in place
     * of this one, which is closed by that; or null when this one can be read again. Throws what opening a view throws; then it may
     * be called again.
     */
    default @Nullable EngineSnapshot<R> successor() {
        return null;
    }

    /** Releases what the view holds. Calling it again does nothing. */
    @Override
    void close();
}
