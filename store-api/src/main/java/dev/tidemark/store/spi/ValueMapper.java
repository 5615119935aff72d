package dev.tidemark.store.spi;

import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.ValueTooLargeException;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes values to what an engine stores and back, with the options of a view applied and failures located. */
final class ValueMapper<V, R> {
    private final Representation<V, R> representation;
    private final StoreOptions<V> options;
    private final @Nullable BiPredicate<? super V, ? super V> sameValue;

    ValueMapper(Representation<V, R> representation, StoreOptions<V> options) {
        this.representation = representation;
        this.options = options;
        this.sameValue = options.sameValue().orElse(null);
    }

    /** Returns what to store for a value that may be written; validators have their say here. */
    R toStored(String kind, String key, V value) {
        Objects.requireNonNull(value, "value");
        validate(kind, key, value);
        R stored;
        try {
            stored = encoded(value);
        } catch (CodecException failure) {
            throw failure.at(kind, key);
        }
        long bytes = representation.sizeOf(stored);
        if (bytes > options.maxValueBytes()) {
            throw new ValueTooLargeException(kind, key, bytes, options.maxValueBytes());
        }
        return stored;
    }

    V toValue(Stored<R> stored) {
        try {
            return decoded(stored.value());
        } catch (CodecException failure) {
            throw failure.at(stored.kind(), stored.key());
        }
    }

    V toValue(String kind, String key, R stored) {
        try {
            return decoded(stored);
        } catch (CodecException failure) {
            throw failure.at(kind, key);
        }
    }

    Entry<V> toEntry(Stored<R> stored) {
        return new Entry<>(
                stored.kind(), stored.key(), toValue(stored), stored.version(), stored.tag(), stored.updatedAt());
    }

    Change<V> toChange(RawWatch.Delivery<R> delivery) {
        Committed<R> change = delivery.change();
        try {
            V value = decoded(change.value());
            return new Change<>(
                    change.type(),
                    change.kind(),
                    change.key(),
                    value,
                    change.version(),
                    change.revision(),
                    change.at(),
                    delivery.replayed());
        } catch (CodecException failure) {
            throw failure.at(change.kind(), change.key(), change.revision());
        }
    }

    /** Whether the view compares values itself, and the engine must not compare bytes. */
    boolean comparesValues() {
        return sameValue != null;
    }

    boolean isSame(Stored<R> current, V value, R stored) {
        return sameValue == null
                ? Objects.deepEquals(current.value(), stored)
                : sameValue.test(toValue(current), value);
    }

    /** What can't be encoded is one failure, whatever the codec throws. */
    private R encoded(V value) {
        try {
            return representation.toStored(value);
        } catch (RuntimeException failure) {
            throw CodecException.of(failure);
        }
    }

    /** What can't be decoded is one failure, whatever the codec throws. */
    private V decoded(R stored) {
        try {
            return Objects.requireNonNull(representation.toValue(stored), "the codec returned null");
        } catch (RuntimeException failure) {
            throw CodecException.of(failure);
        }
    }

    private void validate(String kind, String key, V value) {
        for (Consumer<? super V> validator : options.validators(kind)) {
            try {
                validator.accept(value);
            } catch (RuntimeException rejection) {
                throw new ValidationException(kind, key, rejection);
            }
        }
    }
}
