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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
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
 * <p>Locks: {@code lock} guards the queue and all slots and is a leaf; it is never held while the transaction runs. A caller whose
 * slot is done leaves without it: the last write to a slot is its volatile state. Were it otherwise, the callers of a batch would
 * leave one after the other, each waking the next.
 *
 * @param <Q> a request
 * @param <A> its answer
 * @since 0.1
 */
public final class GroupCommit<Q, A> implements AutoCloseable {

    /** A request in the hands of the leader, which answers it exactly once. Answers count when the transaction returns. */
    public static final class Slot<Q, A> {
        private final Q request;
        private final Thread caller = Thread.currentThread();
        private volatile State state = State.QUEUED;
        private @Nullable A answer;
        private @Nullable RuntimeException failure;
        private boolean postponed;
        private volatile boolean abandoned;
        private long gatherEnd;

        private Slot(Q request) {
            this.request = request;
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
        }

        private A result() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(answer);
        }
    }

    /** Runs requests as one transaction. Called by no more threads at once than the group commit was made for. */
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

    /**
     * How much longer a caller waits whose request was taken. The time of its leader is up at about the same moment, and when nothing was
     * written by then, the request comes back, and can time out with nothing in doubt.
     */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int GATHER_FRACTION = 4;
    private static final int MIN_SHARE = 16;

    private enum State {
        QUEUED,
        TAKEN,
        DONE
    }

    private final Transaction<Q, A> transaction;
    private final int maxBatch;
    private final int maxLeaders;
    private final long maxGather;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Deque<Slot<Q, A>> queue = new ArrayDeque<>();
    private int leaders;
    private int taken;
    private boolean closed;
    private int concurrency;
    private long gather;

    /** Makes an idle group commit whose transactions take at most {@code maxBatch} requests. */
    public GroupCommit(int maxBatch, Transaction<Q, A> transaction) {
        this(maxBatch, 1, Duration.ZERO, transaction);
    }

    /**
     * Makes an idle group commit that also waits for company: when callers were seen to write at the same time, a leader gives those
     * whom the last transaction released a moment to come back, so that one durable write serves them all.
     *
     * <p>Several transactions at once share the callers out: one is prepared and evaluated while another waits for its disk. Small ones
     * cost more than they gain, so that takes many callers.
     *
     * @param maxAtOnce how many transactions may run at the same time; while one runs, another one starts only with its full share
     * @param gather the longest such wait; it is never longer than a fraction of what the last transaction took
     */
    public GroupCommit(int maxBatch, int maxAtOnce, Duration gather, Transaction<Q, A> transaction) {
        this.maxBatch = maxBatch;
        this.maxLeaders = maxAtOnce;
        this.maxGather = gather.toNanos();
        this.transaction = transaction;
    }

    /**
     * Blocks until the request is answered, and returns the answer or throws the failure.
     *
     * @throws StoreTimeoutException if the deadline passed before the request was taken; nothing was written
     * @throws StoreInterruptedException if the thread was interrupted before the request was taken; nothing was written
     * @throws OutcomeUnknownException if either happened while another caller's transaction was running the request; after the deadline,
     *     that one has a quarter of a second to end
     * @throws StoreClosedException if this is closed
     */
    public A submit(Q request, Deadline deadline) {
        Slot<Q, A> own = new Slot<>(request);
        List<Slot<Q, A>> batch;
        try {
            enqueue(own);
            batch = awaitTurn(own, deadline);
        } catch (Error exhausted) {
            own.abandoned = true;
            withdraw(own);
            throw exhausted;
        }
        return batch.isEmpty() ? own.result() : lead(own, batch, deadline);
    }

    private void enqueue(Slot<Q, A> own) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            queue.add(own);
            if (queue.size() == concurrency || queue.size() == share()) {
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further requests, and waits up to {@code timeout} for those queued; calling it again does nothing. */
    public void close(Duration timeout) {
        lock.lock();
        try {
            closed = true;
            long left = timeout.toNanos();
            while (leaders > 0 || !queue.isEmpty()) {
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

    /** Returns nothing when the slot is done, or what its caller has to run. */
    private List<Slot<Q, A>> awaitTurn(Slot<Q, A> own, Deadline deadline) {
        while (own.state != State.DONE) {
            long nanos;
            lock.lock();
            try {
                boolean first = own.state == State.QUEUED && mayLead() && first() == own;
                long gather = first ? gatherNanos(own) : Long.MAX_VALUE;
                checkPatience(own, deadline);
                if (first && gather <= 0) {
                    return take();
                }
                nanos = Math.min(gather, patience(own, deadline));
            } finally {
                lock.unlock();
            }
            if (own.state != State.DONE) {
                LockSupport.parkNanos(this, nanos);
            }
        }
        return List.of();
    }

    /** How long the first in the queue still waits for company. */
    private long gatherNanos(Slot<Q, A> first) {
        if (queue.size() >= Math.min(concurrency, share()) || maxGather == 0) {
            return 0;
        }
        long now = System.nanoTime();
        if (first.gatherEnd == 0) {
            first.gatherEnd = now + gather;
        }
        return first.gatherEnd - now;
    }

    private void checkPatience(Slot<Q, A> own, Deadline deadline) {
        if (own.state == State.DONE) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            giveUp(
                    own,
                    new StoreInterruptedException("interrupted while waiting for the writes before this one", null));
        }
        if (patience(own, deadline) <= 0) {
            giveUp(own, deadline.expired("the writes before this one"));
        }
    }

    private long patience(Slot<Q, A> own, Deadline deadline) {
        return deadline.remainingNanos() + (own.state == State.TAKEN ? GRACE_NANOS : 0);
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

    private void withdraw(Slot<Q, A> own) {
        lock.lock();
        try {
            queue.remove(own);
            wakeNext();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever ran out of stack or memory in the queue may not have been able to leave it. */
    private @Nullable Slot<Q, A> first() {
        Slot<Q, A> first = queue.peek();
        while (first != null && first.abandoned) {
            queue.remove();
            first = queue.peek();
        }
        return first;
    }

    private boolean mayLead() {
        return leaders == 0 || (leaders < maxLeaders && queue.size() >= share());
    }

    /** How many requests a transaction takes at most. */
    private int share() {
        return maxLeaders == 1 ? maxBatch : Math.min(maxBatch, Math.max(MIN_SHARE, concurrency / maxLeaders));
    }

    private List<Slot<Q, A>> take() {
        int share = Math.min(share(), queue.size());
        List<Slot<Q, A>> batch = new ArrayList<>(share);
        leaders++;
        while (batch.size() < share) {
            Slot<Q, A> slot = queue.remove();
            slot.state = State.TAKEN;
            batch.add(slot);
        }
        taken += share;
        wakeNext();
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
            concurrency = taken + queue.size();
            taken -= batch.size();
            leaders--;
            gather = Math.min(maxGather, (System.nanoTime() - start) / GATHER_FRACTION);
            finish(own, batch, thrown);
            wakeNext();
        } finally {
            lock.unlock();
        }
        for (Slot<Q, A> slot : batch) {
            if (slot != own) {
                LockSupport.unpark(slot.caller);
            }
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
        Slot<Q, A> next = first();
        if (next != null && mayLead()) {
            LockSupport.unpark(next.caller);
        } else if (next == null && leaders == 0) {
            idle.signalAll();
        }
    }
}
