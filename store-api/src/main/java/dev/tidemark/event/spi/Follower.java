package dev.tidemark.event.spi;

import dev.tidemark.event.EventQuery;
import dev.tidemark.event.Subscription;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.FaultLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Follows the line of positions for a subscription: reads what lies behind its own, hands it over, and waits for a hint that there is
 * more. As positions are in commit order, nothing appears behind it. Locks: {@code lock} guards the hint, and is a leaf.
 */
final class Follower implements Subscription, Runnable {
    private static final Logger LOG = System.getLogger(Follower.class.getName());
    private static final int PAGE = 256;

    /** How far a checkpoint may lag behind when nothing matches. */
    private static final long LAG = 1_000;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private final EventEngine engine;
    private final EventQuery filter;
    private final Hold hold;
    private final Delivery delivery;
    private final String label;
    private final FaultLog faults;
    private final Thread thread = new Thread(this, "tidemark-subscription");
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean hinted;

    /** In a row, without any progress between them. */
    private int failures;

    /** Whether positions have come as far as ours, so that they have gone back when they are behind it. */
    private boolean reached;

    private volatile boolean closed;
    private volatile boolean active;
    private volatile long position;
    private volatile @Nullable Throwable failure;

    /** {@code label} says which subscription it is, for the log. */
    Follower(EventEngine engine, EventQuery filter, Hold hold, Delivery delivery, String label) {
        this.engine = engine;
        this.filter = filter;
        this.hold = hold;
        this.delivery = delivery;
        this.label = label;
        this.faults = new FaultLog(LOG, label + " tries again", label + " goes on");
        this.position = hold.checkpoint();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return ended.await(Deadline.after(timeout).remainingNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        closed = true;
        hint();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!awaitEnd(engine.timeout())) {
                LOG.log(Level.WARNING, "{0} was closed, and its handler has not returned yet", label);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            follow();
        } catch (Exception | Error reason) {
            failure = reason;
            Level level = reason instanceof StoreClosedException ? Level.DEBUG : Level.ERROR;
            LOG.log(level, label + " ends behind position " + position, reason);
        } finally {
            active = false;
            try {
                letGo();
            } finally {
                ended.countDown();
            }
        }
    }

    private void follow() throws Exception {
        EventEngine.Registration hints = null;
        try {
            while (!closed) {
                try {
                    if (hints == null) {
                        hints = engine.onCommit(this::hint);
                    }
                    Duration rest = advance();
                    failures = 0;
                    faults.worked();
                    await(rest, active);
                } catch (StoreUnavailableException | StoreTimeoutException | OutcomeUnknownException passing) {
                    faults.failed(passing);
                    hold.doubt();
                    await(pause(failures++), false);
                }
            }
        } finally {
            if (hints != null) {
                hints.close();
            }
        }
    }

    /** Handles a page of events, if the name is ours; returns how long to wait then. */
    private Duration advance() throws Exception {
        lock.lock();
        try {
            hinted = false;
        } finally {
            lock.unlock();
        }
        active = claim();
        if (!active) {
            return hold.renewal();
        }
        EventPage page = engine.after(position, filter, PAGE);
        for (StoredEvent event : page.events()) {
            if (closed || !keepsHold() || !deliver(event)) {
                return Duration.ZERO;
            }
            position = event.position();
            failures = 0;
        }
        if (page.position() < position) {
            return goBack(page.position());
        }
        reached = true;
        position = page.position();
        if (!page.events().isEmpty() || position - hold.checkpoint() > LAG) {
            hold.advance(position);
        }
        return page.complete() ? idle() : Duration.ZERO;
    }

    /**
     * Positions have not come as far as ours, which is believed, or the newest events are lost, and others get their positions. A name
     * then goes on at its checkpoint, which was lost with them. Which events are new nobody else knows.
     */
    private Duration goBack(long newest) {
        if (!reached) {
            return idle();
        }
        if (!hold.isNamed()) {
            throw new StoreException(
                    "the events up to position " + position + " were handled, and the table has come to " + newest
                            + " only: the database has lost its newest commits; subscribe again from a place that it knows");
        }
        hold.doubt();
        position = hold.checkpoint();
        reached = false;
        return idle();
    }

    /** An interrupt that the handler leaves behind was meant for it. */
    private boolean deliver(StoredEvent event) throws Exception {
        try {
            return delivery.deliver(event, hold);
        } finally {
            Thread.interrupted();
        }
    }

    /** Makes sure of the name, and goes back or on to its checkpoint when that is not where it was left. */
    private boolean claim() {
        long before = hold.checkpoint();
        OptionalLong checkpoint = hold.claim();
        if (checkpoint.isPresent() && checkpoint.getAsLong() != before) {
            position = checkpoint.getAsLong();
            reached = false;
        }
        return checkpoint.isPresent();
    }

    /** Claims the name in time, in the middle of a page; false when the page is void. */
    private boolean keepsHold() {
        if (!hold.isDue()) {
            return true;
        }
        long handled = position;
        return hold.advance(handled) && claim() && position == handled;
    }

    /** Remembers what was handled, and leaves the name to others. */
    private void letGo() {
        try {
            hold.letGo(position);
        } catch (RuntimeException gone) {
            LOG.log(Level.DEBUG, label + " ends without saying so", gone);
        }
    }

    private void hint() {
        lock.lock();
        try {
            hinted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration longest, boolean heedingHints) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!closed && left > 0 && !(hinted && heedingHints)) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration idle() {
        Duration poll = engine.pollInterval();
        Duration renewal = hold.renewal();
        return poll.isZero() || poll.compareTo(renewal) > 0 ? renewal : poll;
    }

    private static Duration pause(int failures) {
        Duration longest = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 8));
        longest = longest.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longest;
        return longest.dividedBy(2).plusNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() / 2));
    }
}
