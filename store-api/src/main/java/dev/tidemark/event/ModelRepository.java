package dev.tidemark.event;

import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.spi.Names;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Models, such as projections of events, by their ids, kept in a {@link Store}. Immutable and thread safe; calls block as those of the
 * store do.
 *
 * @param <I> the type of the ids, whose {@code toString} tells them apart
 * @param <M> the type of the models
 * @since 0.1
 */
public final class ModelRepository<I, M> {
    private final Store<M> store;
    private final String kind;
    private final @Nullable Function<? super I, ? extends M> factory;

    private ModelRepository(Store<M> store, String kind, @Nullable Function<? super I, ? extends M> factory) {
        this.store = store;
        this.kind = kind;
        this.factory = factory;
    }

    /**
     * Keeps models as a kind of {@code store}.
     *
     * @throws IllegalArgumentException if that can't be a kind
     */
    public static <I, M> ModelRepository<I, M> over(Store<M> store, String kind) {
        return new ModelRepository<>(Objects.requireNonNull(store, "store"), Names.checkKind(kind), null);
    }

    /** Makes models that are not there when they are asked for; they are stored when they are saved. */
    public ModelRepository<I, M> withFactory(Function<? super I, ? extends M> factory) {
        return new ModelRepository<>(store, kind, Objects.requireNonNull(factory));
    }

    /** Returns the model with an id if it is stored. */
    public Optional<M> find(I id) {
        return store.get(kind, key(id));
    }

    /**
     * Returns the model with an id, which the factory makes if it is not stored.
     *
     * @throws KeyNotFoundException if it is not stored, and there is no factory
     */
    public M fetch(I id) {
        return orMade(id, find(id));
    }

    /** Stores a model, whatever was there before. */
    public void save(I id, M model) {
        store.set(kind, key(id), model);
    }

    /**
     * Fetches a model, changes it and stores it, atomically; returns what was stored. The function may run several times, must not call
     * the store, and returns a new model rather than change the one it is given; what it throws comes out, and nothing is stored.
     *
     * @throws KeyNotFoundException if it is not stored, and there is no factory
     */
    public M use(I id, UnaryOperator<M> change) {
        Objects.requireNonNull(change, "change");
        return store.upsert(kind, key(id), present -> change.apply(orMade(id, present)));
    }

    /** Removes a model, and returns it if it was there. */
    public Optional<M> delete(I id) {
        return store.delete(kind, key(id));
    }

    /** Returns the write that stores a model, for a transaction over several stores. */
    public WriteBatch<M> saving(I id, M model) {
        return new WriteBatch<M>().set(kind, key(id), model);
    }

    private M orMade(I id, Optional<M> present) {
        if (present.isPresent()) {
            return present.get();
        }
        if (factory == null) {
            throw new KeyNotFoundException(kind, key(id));
        }
        return Objects.requireNonNull(factory.apply(id), "the factory returned null");
    }

    private static String key(Object id) {
        return Objects.requireNonNull(id, "id").toString();
    }
}
