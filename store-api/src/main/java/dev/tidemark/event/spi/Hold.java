package dev.tidemark.event.spi;

import dev.tidemark.event.SubscriptionOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a subscription has come, and for a named one, whether it is ours to go on. For one thread.
 *
 * <p>The name is claimed for the time of a lease and claimed again when a third of that has passed. Ownership is checked by the database
 * whenever the checkpoint moves, so a process that slept through its lease can't move it.
 */
final class Hold {
    private static final int RENEWALS_PER_LEASE = 3;

    private final EventEngine engine;
    private final @Nullable String name;
    private final Duration lease;
    private final UUID owner = UUID.randomUUID();
    private long checkpoint;
    private long claimedAt;
    private boolean held;
    private boolean doubted;

    Hold(EventEngine engine, SubscriptionOptions options, long start) {
        this.engine = engine;
        this.name = options.name();
        this.lease = options.lease();
        this.checkpoint = start;
        this.held = name == null;
    }

    /** Returns where the checkpoint is, having made sure that the name is held; empty when another process holds it. */
    OptionalLong claim() {
        if (name == null || !isDue()) {
            return OptionalLong.of(checkpoint);
        }
        long now = System.nanoTime();
        OptionalLong claimed = engine.claim(name, owner, lease, checkpoint);
        held = claimed.isPresent();
        if (held) {
            doubted = false;
            claimedAt = now;
            checkpoint = claimed.getAsLong();
        }
        return claimed;
    }

    /** Whether it is time to claim the name, or to claim it again. */
    boolean isDue() {
        return name != null
                && (!held
                        || doubted
                        || System.nanoTime() - claimedAt >= renewal().toNanos());
    }

    /** The step to a position. */
    Checkpoint step(long to) {
        return new Checkpoint(Objects.requireNonNull(name), owner, checkpoint, to);
    }

    /** A step was made. */
    void stepped(Checkpoint step) {
        checkpoint = step.to();
    }

    /** Moves the checkpoint; false when it turned out to be another's. */
    boolean advance(long to) {
        if (name != null && to != checkpoint && !engine.move(step(to))) {
            lose();
            return false;
        }
        checkpoint = to;
        return true;
    }

    boolean isNamed() {
        return name != null;
    }

    long checkpoint() {
        return checkpoint;
    }

    /** Something failed, so where the checkpoint is has to be asked before anything else is done. */
    void doubt() {
        doubted = true;
    }

    /** It turned out to be another's. */
    void lose() {
        held = name == null;
    }

    /** Moves the checkpoint for the last time, and leaves the name to others. */
    void letGo(long to) {
        if (name != null && held) {
            try {
                advance(to);
            } finally {
                held = false;
                engine.release(name, owner);
            }
        }
    }

    /** How long nothing need be done for the name. */
    Duration renewal() {
        return name == null ? Duration.ofDays(1) : lease.dividedBy(RENEWALS_PER_LEASE);
    }
}
