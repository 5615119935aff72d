package dev.tidemark.store.tck.broken;

import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.samples.MapEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What the rigs on one directory share: the data, which outlives them, and the faults that are in force. */
final class Disk {
    final MapEngine data = new MapEngine(Duration.ofSeconds(10));
    final List<Rig> rigs = new CopyOnWriteArrayList<>();
    private final Semaphore writePermit = new Semaphore(1);
    volatile boolean cutOff;
    volatile boolean losesAcknowledgements;

    Fault stall() {
        writePermit.acquireUninterruptibly();
        return writePermit::release;
    }

    Fault cutOff() {
        cutOff = true;
        return () -> cutOff = false;
    }

    Fault loseAcknowledgements() {
        losesAcknowledgements = true;
        return () -> losesAcknowledgements = false;
    }

    void acquire(Duration timeout) {
        try {
            if (!writePermit.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoreTimeoutException("the disk", timeout);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreInterruptedException("interrupted while waiting for the disk", interrupt);
        }
    }

    void release() {
        writePermit.release();
    }
}
