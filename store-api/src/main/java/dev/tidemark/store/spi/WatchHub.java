package dev.tidemark.store.spi;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.WatchOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the committed changes of one namespace to its watches: the one implementation of the delivery contract.
 *
 * <p>A single thread, the drain, reads the engine's {@link History} behind a cursor, a page at a time, and puts each change to the
 * live watches that may want it; the others it does not touch. Because revision order is commit order, that cursor is one number,
 * and every watch sees the same order. Whatever tells the drain that there is something to read ({@link #poke()}, the poll interval)
 * is only a hint: a lost hint delays, it never loses. Faults of the history that may heal are retried with a growing, jittered
 * pause, and no watch ends by them.
 *
 * <p>A watch that starts with a replay or in the past reads snapshot and history itself, in its consumer's thread and a page at a
 * time, and goes live once it has reached the drain's cursor. So only live watches hold changes in memory, at most their buffer,
 * and a writer never waits for any of them.
 *
 * <p>Locks: {@code lock} guards the cursor, the watches and their audience; the lock of a watch may be taken under it and is a leaf. No
 * history is read and no user code runs under either.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public final class WatchHub<R> implements AutoCloseable {
    static final int PAGE = 1_024;

    /** Where the drain stands while nobody watches. */
    private static final long NOWHERE = -1;

    private static final Logger LOG = System.getLogger(WatchHub.class.getName());
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(2);

    private final History<R> history;
    private final long pollNanos;
    private final Thread drain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<RawWatch<R>> watches = new LinkedHashSet<>();
    private final Audience<R> audience = new Audience<>();

    /** Another one after nobody has watched, so that it stands still for watches that have ended. */
    private volatile AtomicLong cursor = new AtomicLong(NOWHERE);

    private boolean started;
    private volatile boolean watched;
    private volatile boolean poked;
    private volatile boolean closed;

    /**
     * Makes an idle hub; its daemon thread starts with the first watch.
     *
     * @param name names the thread
     * @param pollInterval how often to look for changes without being poked, while anybody watches; zero for never
     */
    public WatchHub(String name, History<R> history, Duration pollInterval) {
        this.history = history;
        this.pollNanos = pollInterval.toNanos();
        this.drain = new Thread(this::run, name);
        this.drain.setDaemon(true);
    }

    /** Says that something may have been committed. Cheap, never blocks, and may be called from any thread. */
    public void poke() {
        if (watched && !poked) {
            poked = true;
            LockSupport.unpark(drain);
        }
    }

    /**
     * Starts a watch; when this returns it is in force. Blocks for a read of the history, or of the snapshot that is replayed: who
     * holds the connection of one must not have to wait for another.
     *
     * @param replay what the watch replays first, and closes in the end, also when this throws; null to start now or where the
     *     options say
     * @throws HistoryCompactedException if the options resume behind the retained history
     * @throws RevisionAheadException if the options resume at a revision that was never reached
     * @throws StoreClosedException if this hub is closed
     */
    public RawWatch<R> watch(WatchOptions options, @Nullable EngineSnapshot<R> replay) {
        try {
            return open(options, replay);
        } catch (RuntimeException | Error failure) {
            if (replay != null) {
                replay.close();
            }
            throw failure;
        }
    }

    private RawWatch<R> open(WatchOptions options, @Nullable EngineSnapshot<R> replay) {
        ChangeFilter filter = new ChangeFilter(options);
        RawWatch<R> watch = new RawWatch<>(this, options, filter, backlog(options, filter, replay));
        add(watch);
        try {
            long newest = replay == null ? history.newest() : replay.revision();
            position(watch, newest, replay == null && options.startAfter() == null);
            watch.prepare();
        } catch (RuntimeException | Error failure) {
            watch.close();
            throw failure;
        }
        poke();
        return watch;
    }

    private @Nullable Backlog<R> backlog(
            WatchOptions options, ChangeFilter filter, @Nullable EngineSnapshot<R> replay) {
        if (replay != null) {
            return Backlog.ofReplay(replay, history, filter);
        }
        Long startAfter = options.startAfter();
        return startAfter == null ? null : Backlog.ofHistory(startAfter, history, filter);
    }

    /** From now on the engine keeps the history that a live watch will need. */
    private void add(RawWatch<R> watch) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            if (!started) {
                drain.start();
                started = true;
            }
            watches.add(watch);
            watched = true;
        } finally {
            lock.unlock();
        }
    }

    private void position(RawWatch<R> watch, long newest, boolean live) {
        lock.lock();
        try {
            if (watched) {
                cursor.compareAndSet(NOWHERE, newest);
            }
            if (live) {
                makeLive(watch, Math.max(newest, cursor.get()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Holds the lock. */
    private void makeLive(RawWatch<R> watch, long revision) {
        watch.goLive(revision, cursor);
        if (watches.contains(watch)) {
            audience.add(watch);
        }
    }

    /** Holds the lock. */
    private void drop(RawWatch<R> watch) {
        watches.remove(watch);
        audience.remove(watch);
        if (watches.isEmpty()) {
            watched = false;
            cursor = new AtomicLong(NOWHERE);
        }
    }

    /** Ends every watch with {@link StoreClosedException} and stops the thread. Calling it again does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        endAll(new StoreClosedException());
        LockSupport.unpark(drain);
    }

    /**
     * Returns the revision behind which live watches still need the history, {@link Long#MAX_VALUE} when nobody watches. Does not
     * block. An engine that drops old changes keeps those, so that no watch that keeps up is cut off.
     */
    public long drained() {
        return watched ? cursor.get() : Long.MAX_VALUE;
    }

    /** Makes a watch that has read everything up to {@code revision} live, unless the drain is further by now. */
    boolean tryGoLive(RawWatch<R> watch, long revision) {
        lock.lock();
        try {
            if (cursor.get() > revision || !watches.contains(watch)) {
                return false;
            }
            makeLive(watch, revision);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void remove(RawWatch<R> watch) {
        lock.lock();
        try {
            drop(watch);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        FaultLog faults = new FaultLog(LOG, "can't read changes, trying again", "changes are read again");
        int failures = 0;
        while (!closed) {
            try {
                awaitHint();
                drain();
                failures = 0;
                faults.worked();
            } catch (StoreUnavailableException | StoreTimeoutException passing) {
                faults.failed(passing);
                LockSupport.parkNanos(this, pause(failures++));
                poked = true;
            } catch (StoreException fatal) {
                endAll(fatal);
            } catch (RuntimeException | Error bug) {
                Level level = closed ? Level.DEBUG : Level.ERROR; // what it read from may be gone by then
                LOG.log(level, "the watches end: reading changes failed", bug);
                endAll(new StoreException("reading changes failed: " + bug, bug));
            }
        }
    }

    private void awaitHint() {
        while (!poked && !closed) {
            if (watched && pollNanos > 0) {
                LockSupport.parkNanos(this, pollNanos);
                return;
            }
            LockSupport.park(this);
        }
    }

    private void drain() {
        poked = false;
        boolean complete = false;
        while (!complete && watched && !closed) {
            AtomicLong place = cursor;
            long from = place.get();
            if (from == NOWHERE) {
                return;
            }
            complete = drain(place, from);
        }
    }

    /** Whether nothing is left. */
    private boolean drain(AtomicLong place, long from) {
        try {
            History.Page<R> page = history.after(from, PAGE);
            return offer(place, page.changes()) && page.complete();
        } catch (HistoryCompactedException gone) {
            skip(place, gone);
            return false;
        }
    }

    /** Ends the watches that needed what is gone, and no others: those that came since begin further on, or read for themselves. */
    private void skip(AtomicLong place, HistoryCompactedException gone) {
        lock.lock();
        try {
            if (cursor == place) {
                List<RawWatch<R>> behind = watches.stream()
                        .filter(watch -> watch.isLiveSinceBefore(gone.oldest()))
                        .toList();
                behind.forEach(watch -> watch.end(gone));
                place.set(gone.oldest());
                behind.forEach(this::drop);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands a page to the live watches; false when nobody has watched meanwhile, and the page is void. */
    private boolean offer(AtomicLong place, List<Committed<R>> changes) {
        lock.lock();
        try {
            if (cursor != place) {
                return false;
            }
            if (!changes.isEmpty()) {
                List<RawWatch<R>> ended = publish(changes);
                place.set(changes.get(changes.size() - 1).revision());
                ended.forEach(this::drop);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the watches that have ended; holds the lock. */
    private List<RawWatch<R>> publish(List<Committed<R>> changes) {
        List<RawWatch<R>> receivers = new ArrayList<>();
        for (Committed<R> change : changes) {
            audience.forEach(change, watch -> {
                if (watch.note(change)) {
                    receivers.add(watch);
                }
            });
        }
        receivers.removeIf(RawWatch::publish);
        return receivers;
    }

    private void endAll(RuntimeException reason) {
        List<RawWatch<R>> ending;
        lock.lock();
        try {
            ending = List.copyOf(watches);
            ending.forEach(this::drop);
        } finally {
            lock.unlock();
        }
        ending.forEach(watch -> watch.end(reason));
    }

    private static long pause(int failures) {
        long longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 16));
        return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    }
}
