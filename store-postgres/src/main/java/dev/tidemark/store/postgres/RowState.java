package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Names;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A locked row while the operations of a transaction are worked out on it; absent when it has no value. */
final class RowState {
    /** The order in which everyone locks rows. */
    static final Comparator<Name> LOCK_ORDER =
            Comparator.comparing(Name::kind, Names.ORDER).thenComparing(Name::key, Names.ORDER);

    record Name(String kind, String key) {}

    private final Name name;
    private boolean wasPresent;
    private boolean mustStayAbsent;
    private boolean changed;
    private byte @Nullable [] value;
    private long version;
    private long tag;

    RowState(Name name) {
        this.name = name;
    }

    String kind() {
        return name.kind();
    }

    String key() {
        return name.key();
    }

    void found(byte[] value, long version, long tag) {
        this.wasPresent = true;
        this.value = value;
        this.version = version;
        this.tag = tag;
    }

    void put(byte[] newValue, long newTag) {
        version = value == null ? 1 : version + 1;
        value = newValue;
        tag = newTag;
        changed = true;
    }

    void delete() {
        value = null;
        changed = true;
    }

    /** What else is written depends on its absence, which only a row can lock. */
    void requireAbsence() {
        mustStayAbsent = true;
    }

    boolean isPresent() {
        return value != null;
    }

    byte @Nullable [] value() {
        return value;
    }

    byte[] valueOrEmpty() {
        return value == null ? new byte[0] : value;
    }

    long version() {
        return version;
    }

    long tag() {
        return tag;
    }

    @Nullable
    Long presentTag() {
        return value == null ? null : tag;
    }

    boolean isInserted() {
        return !wasPresent && (isPresent() || changed || mustStayAbsent);
    }

    boolean isUpdated() {
        return wasPresent && isPresent() && changed;
    }

    boolean isDeleted() {
        return !isPresent() && (wasPresent || changed || mustStayAbsent);
    }
}
