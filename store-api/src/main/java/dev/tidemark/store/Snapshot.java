package dev.tidemark.store;

import java.util.List;
import java.util.stream.Stream;

/**
 * A namespace as it stood at one revision, for reading more than fits in memory.
 *
 * <p>List from a snapshot, then watch with {@link WatchOptions#withStartAfter} from its revision: nothing is missed and nothing
 * comes twice. For use by one thread at a time; reads block as those of a store do.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface Snapshot<V> extends AutoCloseable {

    /** The revision of the newest change that this view contains, 0 when there never was one. */
    long revision();

    /** Returns the kinds that have at least one key, in code point order. */
    List<String> kinds();

    /** Streams all entries of a kind, by key. */
    default Stream<Entry<V>> stream(String kind) {
        return stream(kind, ListOptions.defaults());
    }

    /**
     * Streams the entries that {@code options} select, by key, with one page of them in memory. The stream reads as it is
     * consumed, ends when this snapshot is closed, and throws {@link dev.tidemark.codec.CodecException} at a value that can't be
     * decoded.
     */
    Stream<Entry<V>> stream(String kind, ListOptions options);

    /** Releases what this view holds; reading it is an {@link IllegalStateException} from now on. Calling it again does nothing. */
    @Override
    void close();
}
