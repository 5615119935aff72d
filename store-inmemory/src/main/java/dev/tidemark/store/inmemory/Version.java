package dev.tidemark.store.inmemory;

import dev.tidemark.store.Change;
import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Outcome.Effect;
import dev.tidemark.store.spi.Stored;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A write of a key: a change to the history, and unless it is a deletion an entry to those who read. The one object that stays of a
 * write, because what stays costs more than what the write does.
 */
final class Version implements Stored<Object>, Committed<Object>, Outcome<Object> {
    private final Cell cell;
    private final Object value;
    /** Below 1 when there is no value any more; then its negation is the version that was deleted. */
    private final long version;

    private final long revision;
    private final long at;
    private @Nullable Version older;

    private Version(Cell cell, Object value, long version, long revision, long at) {
        this.cell = cell;
        this.value = value;
        this.version = version;
        this.revision = revision;
        this.at = at;
    }

    /** What a key holds before its first write. */
    static Version none(Cell cell) {
        return new Version(cell, "", 0, 0, 0);
    }

    /** The present moment, in the form in which a version keeps it. */
    static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /**
     * Returns the version that an operation makes of this one, or null if it leaves this one.
     *
     * @throws ConflictException if its condition does not hold
     */
    @Nullable
    Version after(Op<Object> op, long revision, long at) {
        check(op);
        if (op instanceof Op.Put<Object> put) {
            return put(put, revision, at);
        }
        return op instanceof Op.Delete && exists() ? new Version(cell, value, -version, revision, at) : null;
    }

    private @Nullable Version put(Op.Put<Object> put, long revision, long at) {
        if (!exists()) {
            return new Version(cell, put.value(), 1, revision, at);
        } else if (!put.evenIfEqual() && Objects.deepEquals(value, put.value())) {
            return null;
        }
        return new Version(cell, put.value(), version + 1, revision, at);
    }

    private void check(Op<Object> op) {
        if (op.condition() != Condition.ANY) {
            Long tag = exists() ? Long.valueOf(revision) : null;
            if (!op.condition().holds(tag)) {
                throw op.conflict(tag);
            }
        }
    }

    Cell cell() {
        return cell;
    }

    boolean exists() {
        return version > 0;
    }

    /** What an operation did that left this version. */
    Outcome<Object> leftBy(Op<Object> op) {
        return Outcome.of(op instanceof Op.Put ? Effect.UNCHANGED : Effect.NONE, tag(), null);
    }

    /**
     * The version before this one, as long as somebody may need it; see {@link Cell}. Whoever finds that it was dropped finds this one
     * committed, too.
     */
    @Nullable
    Version older() {
        Version found = older;
        VarHandle.acquireFence();
        return found;
    }

    void older(@Nullable Version older) {
        VarHandle.releaseFence();
        this.older = older;
    }

    @Override
    public Change.Type type() {
        if (!exists()) {
            return Change.Type.DELETED;
        }
        return version == 1 ? Change.Type.CREATED : Change.Type.UPDATED;
    }

    @Override
    public Effect effect() {
        return switch (type()) {
            case CREATED -> Effect.CREATED;
            case UPDATED -> Effect.UPDATED;
            case DELETED -> Effect.DELETED;
        };
    }

    @Override
    public @Nullable Object deleted() {
        return exists() ? null : value;
    }

    @Override
    public String kind() {
        return cell.kind;
    }

    @Override
    public String key() {
        return cell.key;
    }

    @Override
    public Object value() {
        return value;
    }

    @Override
    public long version() {
        return Math.abs(version);
    }

    @Override
    public long revision() {
        return revision;
    }

    /** The revision, which no other write has; 0 when there is no value. */
    @Override
    public long tag() {
        return exists() ? revision : 0;
    }

    @Override
    public Instant at() {
        return Instant.ofEpochSecond(0, at);
    }

    @Override
    public Instant updatedAt() {
        return at();
    }
}
