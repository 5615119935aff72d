package dev.tidemark.event;

import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the state of an aggregate comes about: from an initial state, one event after the other. Immutable.
 *
 * @param name the name of its aggregates
 * @param initial gives the state before the first event
 * @param evolve gives the state after an event, from the state before and the data of the event; it has to be the same for the same
 *     arguments, and may change and return the state it is given, unless that comes from a snapshot store without a codec
 * @param deletion the type of the data that deletes an aggregate softly, or null
 * @param restoration the type of the data that takes such a deletion back, or null
 * @param <S> the type of the state
 * @since 0.1
 */
public record AggregateType<S>(
        String name,
        Function<? super UUID, ? extends S> initial,
        BiFunction<? super S, Object, ? extends S> evolve,
        @Nullable Class<?> deletion,
        @Nullable Class<?> restoration) {

    public AggregateType {
        EventNames.check("aggregate name", name);
        Objects.requireNonNull(initial, "initial");
        Objects.requireNonNull(evolve, "evolve");
    }

    /** Aggregates that are not deleted softly. */
    public static <S> AggregateType<S> of(
            String name,
            Function<? super UUID, ? extends S> initial,
            BiFunction<? super S, Object, ? extends S> evolve) {
        return new AggregateType<>(name, initial, evolve, null, null);
    }

    /**
     * Aggregates that count as deleted between an event with data of one type and the next with data of the other.
     *
     * @throws IllegalArgumentException if data of the second type is of the first one as well, and so could restore nothing
     */
    public AggregateType<S> withSoftDelete(Class<?> deletion, Class<?> restoration) {
        if (deletion.isAssignableFrom(restoration)) {
            throw new IllegalArgumentException(
                    restoration.getName() + " can't restore what " + deletion.getName() + " deletes; name two types");
        }
        return new AggregateType<>(name, initial, evolve, deletion, restoration);
    }
}
