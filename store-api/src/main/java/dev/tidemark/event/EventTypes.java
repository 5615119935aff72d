package dev.tidemark.event;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events that an application knows: for each name the type of its data and the codec that stores it. Immutable.
 *
 * <p>What was stored is never rewritten. When a name or the shape of its data changes, an <em>upcaster</em> turns the old into the new
 * whenever it is read, so that the rest of the application knows only the new; queries for a new name find what was stored under the
 * old ones.
 *
 * @since 0.1
 */
public final class EventTypes {
    private static final EventTypes NONE = new EventTypes(Map.of(), Map.of(), null);

    private record Type<D>(Class<D> type, Codec<D> codec) {}

    /** A null codec stands for the one of the new name. */
    private record Upcaster(@Nullable Codec<?> codec, String to, Function<Object, ?> change) {}

    /**
     * Data as it is read.
     *
     * @param name the present name of the event
     * @param data its data in the present shape
     * @since 0.1
     */
    public record Decoded(String name, Object data) {}

    private final Map<String, Type<?>> types;
    private final Map<String, Upcaster> upcasters;
    private final @Nullable Type<?> others;

    private EventTypes(Map<String, Type<?>> types, Map<String, Upcaster> upcasters, @Nullable Type<?> others) {
        this.types = types;
        this.upcasters = upcasters;
        this.others = others;
    }

    /** No event yet. */
    public static EventTypes none() {
        return NONE;
    }

    /** Adds an event whose data is stored by {@code codec}. One type may serve several names; append then needs the name. */
    public <D> EventTypes with(String name, Class<D> type, Codec<D> codec) {
        EventNames.check("event name", name);
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("no data is of " + type + "; name the class that boxes it");
        }
        checkNotUpcast(upcasters.get(name), name);
        return new EventTypes(
                added(types, name, new Type<>(Objects.requireNonNull(type), Objects.requireNonNull(codec))),
                upcasters,
                others);
    }

    /**
     * Stores the data of all events that are not added otherwise by {@code codec}, whatever their names: for tools, which can't know
     * them. Append then needs the name.
     */
    public <D> EventTypes withOthers(Class<D> type, Codec<D> codec) {
        return new EventTypes(
                types, upcasters, new Type<>(Objects.requireNonNull(type), Objects.requireNonNull(codec)));
    }

    /** Reads what was stored under an old name as if it had been stored under a new one. */
    public EventTypes withRenamed(String oldName, String newName) {
        return withUpcaster(oldName, new Upcaster(null, newName, data -> data));
    }

    /**
     * Reads what was stored under {@code name} with {@code codec}, and turns it into the data of {@code newName}, which may be the
     * same name when only the shape changed: then {@code codec} and {@code upcast} have to understand both shapes, since they get
     * new events, too. Upcasters follow each other until a name has none.
     *
     * @param upcast gets the old data; what it throws, or data that is not of the new type, makes the event undecodable
     */
    public <O> EventTypes withUpcaster(String name, Codec<O> codec, String newName, Function<? super O, ?> upcast) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(upcast, "upcast");
        @SuppressWarnings("unchecked") // it gets what the codec decoded, or what the upcaster before it returned
        Function<Object, ?> change = (Function<Object, ?>) upcast;
        return withUpcaster(name, new Upcaster(codec, newName, change));
    }

    private EventTypes withUpcaster(String name, Upcaster upcaster) {
        EventNames.check("event name", name);
        EventNames.check("event name", upcaster.to());
        if (types.containsKey(name)) {
            checkNotUpcast(upcaster, name);
        }
        EventTypes more = new EventTypes(types, added(upcasters, name, upcaster), others);
        more.newest(name);
        return more;
    }

    /** What is written has to be read as it was. */
    private static void checkNotUpcast(@Nullable Upcaster upcaster, String name) {
        if (upcaster != null && !upcaster.to().equals(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' can't be registered, because it is upcast to '" + upcaster.to() + "'");
        }
    }

    /** The names under which data can be written. */
    public Set<String> names() {
        return types.keySet();
    }

    /** Whether every codec writes JSON, so that a database may keep the data in a column that understands it. */
    public boolean isJson() {
        Stream<Codec<?>> written = Stream.concat(types.values().stream(), Stream.ofNullable(others))
                .map(Type::codec);
        Stream<Codec<?>> read = upcasters.values().stream().map(Upcaster::codec).filter(Objects::nonNull);
        return Stream.concat(written, read).allMatch(codec -> codec.mediaType().equals("application/json"));
    }

    /**
     * Returns the name for data of this type.
     *
     * @throws UnregisteredEventException if no type that was added is that of {@code data}, or several are
     */
    public String nameOf(Object data) {
        List<String> exact = names(type -> type.type() == data.getClass());
        List<String> candidates = exact.isEmpty() ? names(type -> type.type().isInstance(data)) : exact;
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        String type = data.getClass().getName();
        if (!candidates.isEmpty()) {
            throw new UnregisteredEventException(
                    type, type + " is the data of several events, " + candidates + "; name the one with Event.of");
        }
        boolean several = data instanceof Iterable || data instanceof Object[];
        throw new UnregisteredEventException(
                type,
                "no event with data of " + type + " is registered with EventTypes"
                        + (several ? "; if it holds several events, pass its elements" : ""));
    }

    /**
     * Returns the bytes of an event's data.
     *
     * @throws UnregisteredEventException if the name was not added
     * @throws CodecException if the data is not of the type of that name, or can't be encoded
     */
    public byte[] encode(String name, Object data) {
        return encode(type(name), name, data);
    }

    /**
     * Returns the data of an event that is stored under {@code name}, in its present shape.
     *
     * @throws UnregisteredEventException if neither a type nor an upcaster was added for the name
     * @throws CodecException if the bytes can't be decoded or brought into the present shape
     */
    public Decoded decode(String name, byte[] data) {
        Upcaster upcaster = upcasters.get(name);
        if (upcaster == null) {
            return new Decoded(name, decode(type(name).codec(), data));
        }
        Codec<?> codec = upcaster.codec();
        if (codec == null) {
            return decode(upcaster.to(), data);
        }
        return upcast(name, upcaster, decode(codec, data));
    }

    /** What can't be decoded is one failure, whatever the codec throws. */
    private static Object decode(Codec<?> codec, byte[] data) {
        try {
            return Objects.requireNonNull(codec.decode(data), "the codec returned null");
        } catch (RuntimeException failure) {
            throw CodecException.of(failure);
        }
    }

    /** Returns the names under which events with one of {@code names} may be stored: these, and those that became them. */
    public Set<String> storedNames(Set<String> names) {
        Set<String> stored = new LinkedHashSet<>(names);
        upcasters.keySet().stream().filter(old -> names.contains(newest(old))).forEach(stored::add);
        return stored;
    }

    private Decoded upcast(String stored, Upcaster first, Object old) {
        Upcaster upcaster = first;
        String name = stored;
        Object data = old;
        try {
            while (true) {
                data = Objects.requireNonNull(upcaster.change().apply(data), "the upcaster returned null");
                Upcaster next = upcaster.to().equals(name) ? null : upcasters.get(upcaster.to());
                name = upcaster.to();
                if (next == null) {
                    break;
                }
                upcaster = next;
            }
        } catch (RuntimeException failure) {
            throw new CodecException(
                    "the upcaster of '" + name + "' failed with "
                            + failure.getClass().getName(),
                    failure);
        }
        Type<?> type = type(name);
        if (!type.type().isInstance(data)) {
            throw new CodecException("the upcaster to '" + name + "' returned "
                    + data.getClass().getName() + ", not " + type.type().getName());
        }
        return new Decoded(name, data);
    }

    /** The name that a stored name has become. */
    private String newest(String stored) {
        Set<String> seen = new HashSet<>();
        String name = stored;
        Upcaster upcaster = upcasters.get(name);
        while (upcaster != null && !upcaster.to().equals(name)) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("the upcasters of '" + stored + "' lead back to '" + name + "'");
            }
            name = upcaster.to();
            upcaster = upcasters.get(name);
        }
        return name;
    }

    private Type<?> type(String name) {
        Type<?> type = types.getOrDefault(name, others);
        if (type == null) {
            throw new UnregisteredEventException(name, "no event '" + name + "' is registered with EventTypes");
        }
        return type;
    }

    private List<String> names(Predicate<Type<?>> accepted) {
        return types.entrySet().stream()
                .filter(entry -> accepted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static <D> byte[] encode(Type<D> type, String name, Object data) {
        if (!type.type().isInstance(data)) {
            throw new CodecException("the data of '" + name + "' must be "
                    + type.type().getName() + ", not " + data.getClass().getName());
        }
        try {
            return Objects.requireNonNull(type.codec().encode(type.type().cast(data)), "the codec returned null");
        } catch (RuntimeException thrown) {
            CodecException failure = CodecException.of(thrown);
            throw new CodecException("the data of '" + name + "': " + failure.getMessage(), failure.getCause());
        }
    }

    private static <T> Map<String, T> added(Map<String, T> map, String name, T value) {
        Map<String, T> added = new LinkedHashMap<>(map);
        if (added.put(name, value) != null) {
            throw new IllegalArgumentException("'" + name + "' is registered twice");
        }
        return Collections.unmodifiableMap(added);
    }
}
