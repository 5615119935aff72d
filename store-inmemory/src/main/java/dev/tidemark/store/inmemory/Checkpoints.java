package dev.tidemark.store.inmemory;

import dev.tidemark.event.spi.Checkpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where named subscriptions are, and who holds them. Guarded by the lock of {@link MemoryEvents}. */
final class Checkpoints {

    private record Hold(long position, @Nullable UUID owner, long until) {
        boolean isHeldByOther(UUID candidate) {
            return owner != null && !owner.equals(candidate) && until - System.nanoTime() > 0;
        }
    }

    private final Map<String, Hold> holds = new HashMap<>();

    OptionalLong claim(String subscription, UUID owner, Duration lease, long start) {
        Hold hold = holds.getOrDefault(subscription, new Hold(start, null, 0));
        if (hold.isHeldByOther(owner)) {
            return OptionalLong.empty();
        }
        holds.put(subscription, new Hold(hold.position(), owner, System.nanoTime() + lease.toNanos()));
        return OptionalLong.of(hold.position());
    }

    boolean move(Checkpoint step) {
        Hold hold = holds.get(step.subscription());
        if (hold == null || !step.owner().equals(hold.owner()) || hold.position() != step.from()) {
            return false;
        }
        holds.put(step.subscription(), new Hold(step.to(), hold.owner(), hold.until()));
        return true;
    }

    /** Takes back the newest step, as if it had never been. */
    void undo(Checkpoint step) {
        holds.computeIfPresent(step.subscription(), (name, hold) -> new Hold(step.from(), hold.owner(), hold.until()));
    }

    boolean release(String subscription, UUID owner) {
        Hold hold = holds.get(subscription);
        if (hold == null || !owner.equals(hold.owner())) {
            return false;
        }
        holds.put(subscription, new Hold(hold.position(), null, 0));
        return true;
    }
}
