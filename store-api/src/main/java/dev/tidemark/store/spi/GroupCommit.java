package dev.tidemark.store.spi;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Turns concurrent writes into few transactions: group commit, as database logs do it.
 *
 * <p>Callers queue their request. One of them, the leader, runs everything that is queued as one transaction and then hands the
 * lead to the first caller still waiting. So a lone caller runs its own request without a thread hand-off, and while a
 * transaction is being committed the next one gathers, which makes its cost per request fall as the load rises. No caller
 * leads more than one transaction, so no caller works for others without end.
 *
 * <p>A request is either still queued, and then a timeout or an interrupt withdraws it with nothing written, or it is in the
 * leader's hands, and then a caller that stops waiting can't know its outcome.
 *
 * <p>Locks: {@code lock} guards the queue and all slots and is a leaf; it is never held while the transaction runs.
 *
 * @param <Q> a request
 * @param <A> its answer
 * @since 0.1
 */
public final class GroupCommit<Q, A> implements AutoCloseable {

    /** A request in the hands of the leader, which answers it exactly once. Answers count when the transaction returns. */
    public static final class Slot<Q, A> {
        private final Q request;
        private final Condition changed;
        private State state = State.QUEUED;
        private @Nullable A answer;
        private @Nullable RuntimeException failure;
        private boolean postponed;
        private boolean abandoned;

        private Slot(Q request, Condition changed) {
            this.request = request;
            this.changed = changed;
        }

        /** What the caller asked for. */
        public Q request() {
            return request;
        }

        /** Answers the request. */
        public void answer(A answer) {
            this.answer = answer;
            this.failure = null;
        }

        /** Fails this request alone. */
        public void fail(RuntimeException failure) {
            this.failure = failure;
        }

        /**
         * Leaves this request to a later transaction, in its place at the head of the queue. The first one of a batch, which is
         * the leader's, can't be postponed.
         */
        public void postpone() {
            postponed = true;
        }

        private void requeue() {
            state = State.QUEUED;
            answer = null;
            failure = null;
            postponed = false;
        }

        private void finish(@Nullable Throwable thrown) {
            if (thrown instanceof RuntimeException reason) {
                fail(reason);
            } else if (thrown != null) {
                fail(new OutcomeUnknownException("the transaction of this write broke off", thrown));
            } else if (answer == null && failure == null) {
                fail(new IllegalStateException("the transaction left a request unanswered"));
            }
            state = State.DONE;
            changed.signal();
        }

        private A result() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(answer);
        }
    }

    /** Runs requests as one transaction. Never called by two threads at once. */
    @FunctionalInterface
    public interface Transaction<Q, A> {

        /**
         * Answers, fails or postpones every slot; returns when the answers are durable. {@link StoreTimeoutException} and {@link
         * StoreInterruptedException}, which mean that nothing was written, fail the leader alone and give the others another turn;
         * anything else it throws fails the whole batch.
         *
         * @param batch in the order of arrival; never empty
         * @param deadline that of the leading caller
         */
        void run(List<Slot<Q, A>> batch, Deadline deadline);
    }

    private static final int GATHER_FRACTION = 4;

    private enum State {
        QUEUED,
        TAKEN,
        DONE
    }

    private final Transaction<Q, A> transaction;
    private final int maxBatch;
    private final long maxGatherNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition gathered = lock.newCondition();
    private final Deque<Slot<Q, A>> queue = new ArrayDeque<>();
    private boolean leading;
    private boolean closed;
    private int concurrency;
    private long gatherNanos;

    /** Makes an idle group commit whose transactions take at most {@code maxBatch} requests. */
    public GroupCommit(int maxBatch, Transaction<Q, A> transaction) {
        this(maxBatch, Duration.ZERO, transaction);
    }

    /**
     * Makes an idle group commit that also waits for company: when callers were seen to write at the same time, a leader gives those
     * whom the last transaction released a moment to come back, so that one durable write serves them all.
     *
     * @param gather the longest such wait; it is never longer than a fraction of what the last transaction took
     */
    public GroupCommit(int maxBatch, Duration gather, Transaction<Q, A> transaction) {
        this.maxBatch = maxBatch;
        this.maxGatherNanos = gather.toNanos();
        this.transaction = transaction;
    }

    /**
     * Blocks until the request is answered, and returns the answer or throws the failure.
     *
     * @throws StoreTimeoutException if the deadline passed before the request was taken; nothing was written
     * @throws StoreInterruptedException if the thread was interrupted before the request was taken; nothing was written
     * @throws OutcomeUnknownException if either happened while another caller's transaction was running the request
     * @throws StoreClosedException if this is closed
     */
    public A submit(Q request, Deadline deadline) {
        List<Slot<Q, A>> batch;
        Slot<Q, A> own;
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            own = new Slot<>(request, lock.newCondition());
            queue.add(own);
            if (queue.size() == concurrency) {
                gathered.signal();
            }
            awaitTurn(own, deadline);
            if (own.state == State.DONE) {
                return own.result();
            }
            batch = take();
        } finally {
            lock.unlock();
        }
        return lead(own, batch, deadline);
    }

    /** Refuses further requests, and waits up to {@code timeout} for those queued; calling it again does nothing. */
    public void close(Duration timeout) {
        lock.lock();
        try {
            closed = true;
            long left = timeout.toNanos();
            while (leading || !queue.isEmpty()) {
                if (left <= 0) {
                    return;
                }
                left = idle.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    /** Returns when the slot is done, or when it is queued and its caller has to lead; holds the lock. */
    private void awaitTurn(Slot<Q, A> own, Deadline deadline) {
        try {
            while (own.state == State.TAKEN || (own.state == State.QUEUED && (leading || queue.peek() != own))) {
                if (own.changed.awaitNanos(deadline.remainingNanos()) <= 0 && own.state != State.DONE) {
                    giveUp(own, deadline.expired("the writes before this one"));
                }
            }
            if (own.state == State.QUEUED) {
                gather();
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            if (own.state != State.DONE) {
                giveUp(
                        own,
                        new StoreInterruptedException(
                                "interrupted while waiting for the writes before this one", interrupt));
            }
        }
    }

    /** Nobody else leads meanwhile, because the caller stays at the head of the queue. */
    private void gather() throws InterruptedException {
        long left = gatherNanos;
        while (left > 0 && queue.size() < Math.min(concurrency, maxBatch)) {
            left = gathered.awaitNanos(left);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void giveUp(Slot<Q, A> own, RuntimeException reason) {
        if (own.state == State.TAKEN) {
            own.abandoned = true;
            throw new OutcomeUnknownException(
                    "stopped waiting while the write was being committed; it may or may not have happened", reason);
        }
        queue.remove(own);
        wakeNext();
        throw reason;
    }

    private List<Slot<Q, A>> take() {
        leading = true;
        List<Slot<Q, A>> batch = new ArrayList<>(Math.min(maxBatch, queue.size()));
        while (batch.size() < maxBatch && !queue.isEmpty()) {
            Slot<Q, A> slot = queue.remove();
            slot.state = State.TAKEN;
            batch.add(slot);
        }
        return batch;
    }

    private A lead(Slot<Q, A> own, List<Slot<Q, A>> batch, Deadline deadline) {
        @Nullable Throwable thrown = null;
        long start = System.nanoTime();
        try {
            transaction.run(batch, deadline);
        } catch (RuntimeException | Error failure) {
            thrown = failure;
        }
        lock.lock();
        try {
            leading = false;
            concurrency = batch.size() + queue.size();
            gatherNanos = Math.min(maxGatherNanos, (System.nanoTime() - start) / GATHER_FRACTION);
            finish(own, batch, thrown);
            wakeNext();
        } finally {
            lock.unlock();
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return own.result();
    }

    /**
     * Ends the batch. A leader whose own time is up, or who was interrupted before anything was sent, gives the others back, and so
     * does a transaction that postponed some.
     */
    private void finish(Slot<Q, A> own, List<Slot<Q, A>> batch, @Nullable Throwable thrown) {
        boolean othersGoOn = thrown instanceof StoreTimeoutException || thrown instanceof StoreInterruptedException;
        for (int i = batch.size() - 1; i >= 0; i--) {
            Slot<Q, A> slot = batch.get(i);
            boolean again = slot != own && (othersGoOn || slot.postponed);
            if (!again) {
                slot.finish(thrown);
            } else if (!slot.abandoned) {
                slot.requeue();
                queue.addFirst(slot);
            }
        }
    }

    private void wakeNext() {
        Slot<Q, A> next = queue.peek();
        if (next != null && !leading) {
            next.changed.signal();
        } else if (next == null && !leading) {
            idle.signalAll();
        }
    }
}
