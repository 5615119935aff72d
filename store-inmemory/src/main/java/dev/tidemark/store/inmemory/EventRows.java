package dev.tidemark.store.inmemory;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.AppendKey;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.Selection;
import dev.tidemark.event.spi.StoredEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of a table of events, and what finds them. Guarded by the lock of {@link MemoryEvents}. */
final class EventRows {

    /** What a write with an append id wrote. */
    @SuppressWarnings("ArrayRecordComponent") // compared by AppendKey alone
    private record Recorded(byte[] digest, List<UUID> ids) {}

    private final Map<UUID, StoredEvent> byId = new HashMap<>();
    private final NavigableMap<Long, StoredEvent> byPosition = new TreeMap<>();
    private final Map<AggregateId, NavigableMap<Long, StoredEvent>> byAggregate = new HashMap<>();
    private final Map<AggregateId, NavigableMap<Integer, StoredEvent>> versions = new HashMap<>();
    private final Map<String, Recorded> recorded = new HashMap<>();
    private long newest;

    long newest() {
        return newest;
    }

    @Nullable
    StoredEvent find(UUID id) {
        return byId.get(id);
    }

    int version(AggregateId aggregate) {
        NavigableMap<Integer, StoredEvent> history = versions.get(aggregate);
        return history == null ? 0 : history.lastKey();
    }

    /** Writes everything, or throws before it has written anything. */
    EventReceipt write(EventWrite write) {
        AppendKey key = write.key();
        Recorded before = key == null ? null : recorded.get(key.id());
        if (key != null && before != null) {
            key.check(before.digest());
            return EventReceipt.repeated(before.ids());
        }
        Map<AggregateId, Integer> current = new HashMap<>();
        write.aggregates().forEach(aggregate -> current.put(aggregate, version(aggregate)));
        List<NewEvent> events = write.resolve(current);
        events.forEach(this::checkFree);
        List<StoredEvent> stored = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            newest++;
            stored.add(event.stored(newest));
        }
        stored.forEach(this::add);
        if (key != null) {
            recorded.put(key.id(), new Recorded(key.digest(), write.ids()));
        }
        return EventReceipt.of(stored);
    }

    /** Takes back the newest write, as if it had never been. */
    void undo(EventWrite write, EventReceipt receipt) {
        if (receipt.repeated() == null) {
            receipt.events().forEach(this::remove);
            newest -= receipt.events().size();
            AppendKey key = write.key();
            if (key != null) {
                recorded.remove(key.id());
            }
        }
    }

    int delete(Collection<UUID> ids) {
        List<StoredEvent> present =
                ids.stream().map(byId::get).filter(Objects::nonNull).toList();
        present.forEach(this::remove);
        return present.size();
    }

    List<StoredEvent> select(EventQuery query) {
        return candidates(query)
                .filter(event -> Selection.matches(query, event))
                .sorted(Selection.order(query))
                .toList();
    }

    EventPage after(long position, EventQuery filter, int limit) {
        List<StoredEvent> events = new ArrayList<>();
        for (StoredEvent event : byPosition.tailMap(position, false).values()) {
            if (Selection.matches(filter, event)) {
                events.add(event);
                if (events.size() == limit) {
                    return new EventPage(events, event.position(), event.position() == newest);
                }
            }
        }
        return new EventPage(events, Math.max(position, newest), true);
    }

    private Stream<StoredEvent> candidates(EventQuery query) {
        if (!query.ids().isEmpty()) {
            return query.ids().stream().map(byId::get).filter(Objects::nonNull);
        }
        List<UUID> ids = new ArrayList<>();
        query.aggregates().stream().map(AggregateRef::id).forEach(ids::add);
        if (ids.isEmpty() || ids.contains(null)) {
            return byPosition.values().stream();
        }
        return query.aggregates().stream()
                .map(aggregate -> new AggregateId(aggregate.name(), Objects.requireNonNull(aggregate.id())))
                .flatMap(aggregate -> byAggregate.getOrDefault(aggregate, new TreeMap<>()).values().stream());
    }

    private void checkFree(NewEvent event) {
        if (byId.containsKey(event.id())) {
            throw new EventConflictException(event.id());
        }
        AggregateId aggregate = event.aggregate();
        if (aggregate != null && event.version() > 0) {
            NavigableMap<Integer, StoredEvent> history = versions.get(aggregate);
            if (history != null && history.containsKey(event.version())) {
                throw EventWrite.conflict(aggregate, event.version(), history.lastKey());
            }
        }
    }

    private void add(StoredEvent event) {
        byId.put(event.id(), event);
        byPosition.put(event.position(), event);
        AggregateId aggregate = event.aggregate();
        if (aggregate != null) {
            byAggregate.computeIfAbsent(aggregate, absent -> new TreeMap<>()).put(event.position(), event);
            if (event.version() > 0) {
                versions.computeIfAbsent(aggregate, absent -> new TreeMap<>()).put(event.version(), event);
            }
        }
    }

    private void remove(StoredEvent event) {
        byId.remove(event.id());
        byPosition.remove(event.position());
        AggregateId aggregate = event.aggregate();
        if (aggregate != null) {
            remove(byAggregate, aggregate, event.position());
            if (event.version() > 0) {
                remove(versions, aggregate, event.version());
            }
        }
    }

    private static <K> void remove(Map<AggregateId, NavigableMap<K, StoredEvent>> index, AggregateId aggregate, K key) {
        NavigableMap<K, StoredEvent> events = index.get(aggregate);
        if (events != null) {
            events.remove(key);
            if (events.isEmpty()) {
                index.remove(aggregate);
            }
        }
    }
}
