package dev.tidemark.event;

import java.time.Duration;
import java.util.Optional;

/**
 * Events on their way to a handler, until it ends: when it is closed, when the backend is closed, or with a failure. Thread safe.
 *
 * @since 0.1
 */
public interface Subscription extends AutoCloseable {

    /** The position up to which every event that matches was handled, as far as this process knows. */
    long position();

    /** Whether events are handled here; false while another process holds the name, and after the end. */
    boolean isActive();

    /** Why it ended; empty while it runs, and when it was closed by its owner. */
    Optional<Throwable> failure();

    /** Waits until it has ended and its handler has returned; false when that took longer than {@code timeout}. */
    boolean awaitEnd(Duration timeout) throws InterruptedException;

    /**
     * Ends it, and waits for its handler to return, up to the timeout of the backend; a handler that closes its own subscription does
     * not wait. Calling it again does nothing.
     */
    @Override
    void close();
}
