package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.spi.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Sessions that are opened on demand, up to a number, and of which a few are kept while nobody needs them. */
final class SessionPool {
    private final String purpose;
    private final Supplier<Session> opener;
    private final Semaphore permits;
    private final int keep;
    private final BlockingDeque<Session> idle;
    private final Set<Session> all = ConcurrentHashMap.newKeySet();

    /** Shared by those who open a session, and taken alone by close, which must know of every session. */
    private final ReadWriteLock opening = new ReentrantReadWriteLock();

    private volatile boolean closed;

    SessionPool(String purpose, int max, int keep, Supplier<Session> opener) {
        this.purpose = purpose;
        this.opener = opener;
        this.permits = new Semaphore(max);
        this.keep = keep;
        this.idle = new LinkedBlockingDeque<>(Math.max(1, keep));
    }

    <T> T run(Deadline deadline, Session.Work<T> work) {
        Session session = take(deadline);
        try {
            return session.run(deadline, work);
        } finally {
            give(session);
        }
    }

    /** Returns a session that is the caller's until it is given back. */
    Session take(Deadline deadline) {
        acquire(deadline);
        try {
            Session session = idle.pollFirst();
            return session == null ? open() : session;
        } catch (RuntimeException | Error failure) {
            permits.release();
            throw failure;
        }
    }

    /** Takes a session back; the last one used is the next one taken, since its caches are warm. */
    void give(Session session) {
        try {
            if (closed || keep == 0 || session.isBroken() || !idle.offerFirst(session)) {
                discard(session);
            }
        } finally {
            permits.release();
        }
    }

    /** Refuses further calls, waits for the running ones until the deadline, and closes every session. */
    void close(Deadline deadline) {
        closed = true;
        boolean none = awaitOpening(deadline);
        try {
            all.forEach(session -> session.close(deadline));
        } finally {
            if (none) {
                opening.writeLock().unlock();
            }
        }
    }

    /** False when one is still being opened at the deadline; who opens it will close it. */
    private boolean awaitOpening(Deadline deadline) {
        try {
            return opening.writeLock().tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void acquire(Deadline deadline) {
        if (!permits.tryAcquire()) {
            try {
                if (!permits.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                    throw deadline.expired(purpose);
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new StoreInterruptedException("interrupted while waiting for " + purpose, interrupt);
            }
        }
        if (closed) {
            permits.release();
            throw new StoreClosedException();
        }
    }

    private Session open() {
        opening.readLock().lock();
        try {
            Session session = opener.get();
            all.add(session);
            if (closed) {
                discard(session);
                throw new StoreClosedException();
            }
            return session;
        } finally {
            opening.readLock().unlock();
        }
    }

    private void discard(Session session) {
        if (all.remove(session)) {
            session.close(Deadline.after(Duration.ZERO));
        }
    }
}
