package dev.tidemark.store;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Adapts a {@link Watch} to other ways of consuming it. All of them are written over {@link Watch#poll} and work on every
 * backend.
 *
 * @since 0.1
 */
public final class Watches {
    private Watches() {}

    /**
     * Calls {@code listener} for every change, in one task of {@code executor} that blocks while nothing happens, so give it a
     * thread of its own. Owns the watch from now on: closing the returned handle closes it, and the watch is closed when it ends.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes no task; the watch stays open
     */
    public static <V> Watch<V> listen(Watch<V> watch, WatchListener<V> listener, Executor executor) {
        executor.execute(new ListenerLoop<>(watch, listener));
        return watch;
    }

    /**
     * Returns a publisher, as Reactive Streams define it, that opens a watch for each subscriber, and closes it when the
     * subscriber cancels or the watch ends. Each subscription blocks one task of {@code executor}. A watch that its owner closes
     * completes the subscriber; any other end is an error, {@link dev.tidemark.codec.CodecException} included. Demand that stays
     * away fills the buffer of the watch, not memory.
     */
    public static <V> Flow.Publisher<Change<V>> publisher(Supplier<? extends Watch<V>> opener, Executor executor) {
        return new WatchPublisher<>(opener, executor);
    }

    /** Returns the changes of a watch as a stream that blocks for each; closing the stream closes the watch. */
    public static <V> Stream<Change<V>> stream(Watch<V> watch) {
        return StreamSupport.stream(watch.spliterator(), false).onClose(watch::close);
    }

    /**
     * Returns a watch that overflow does not end: it attaches anew after the last delivered revision. When the history behind
     * that revision is gone, or the database has lost it, it starts over with a replay of the present state, which may repeat
     * what was delivered and does not show what was deleted in between; {@code onRelist} is told first, with the revision up to
     * which changes had been delivered (0 when that was not even a whole replay), in the thread that polls, so that a consumer can
     * drop what it holds. Faults that may heal are waited out within the timeout of the poll.
     *
     * @throws HistoryCompactedException as {@link WatchableStore#watch} does
     */
    public static <V> Watch<V> resilient(WatchableStore<V> store, WatchOptions options, LongConsumer onRelist) {
        return new ResilientWatch<>(store, options, onRelist);
    }
}
