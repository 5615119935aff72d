package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events to be written at once, or not at all. Never empty.
 *
 * <p>How an engine writes it, inside one transaction: look for {@code key} ({@link AppendKey#check}); read the versions of
 * {@link #aggregates()}; {@link #resolve} them into rows; insert those, and the key with their ids. Rows that turn out to exist are a
 * conflict of {@link #conflict}. An engine whose transactions don't exclude each other learns from its unique index that somebody was
 * faster, and starts over.
 *
 * @param events the events, in order
 * @param expectations what the aggregates have to be at before
 * @param key what makes it idempotent, or null
 * @since 0.1
 */
public record EventWrite(
        List<NewEvent> events,
        List<Expectation> expectations,
        @Nullable AppendKey key) {

    /**
     * What the version of an aggregate has to be.
     *
     * @param aggregate the aggregate
     * @param expected the version
     * @since 0.1
     */
    public record Expectation(AggregateId aggregate, ExpectedVersion expected) {}

    public EventWrite {
        events = List.copyOf(events);
        expectations = List.copyOf(expectations);
    }

    /** The aggregates whose present version has to be known: those that are appended to. */
    public Set<AggregateId> aggregates() {
        Set<AggregateId> aggregates = new LinkedHashSet<>();
        expectations.forEach(expectation -> aggregates.add(expectation.aggregate()));
        return aggregates;
    }

    /** The ids of the events, in order. */
    public List<UUID> ids() {
        return events.stream().map(NewEvent::id).toList();
    }

    /**
     * Checks the expectations, and returns the events with their versions.
     *
     * @param current the version of each of {@link #aggregates()}; one that is absent has no events
     * @throws EventConflictException if an aggregate is not as expected, or the events repeat an id or a version among themselves
     * @throws StoreException if an aggregate is at the highest version there is
     */
    public List<NewEvent> resolve(Map<AggregateId, Integer> current) {
        for (Expectation expectation : expectations) {
            int actual = current.getOrDefault(expectation.aggregate(), 0);
            Integer expected = expectation.expected().version();
            if (expected != null && expected != actual) {
                throw new EventConflictException(expectation.aggregate(), expected, actual);
            }
        }
        Map<AggregateId, Integer> newest = new HashMap<>(current);
        List<NewEvent> resolved = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            resolved.add(resolve(event, newest));
        }
        checkDistinct(resolved, newest);
        return resolved;
    }

    /** Returns the exception that says an event found its version taken in an aggregate at {@code actual}. */
    public static EventConflictException conflict(AggregateId aggregate, int version, int actual) {
        return new EventConflictException(aggregate, version - 1, actual);
    }

    private static NewEvent resolve(NewEvent event, Map<AggregateId, Integer> newest) {
        AggregateId aggregate = event.aggregate();
        if (aggregate == null) {
            return event;
        }
        int before = newest.getOrDefault(aggregate, 0);
        NewEvent resolved = event.version() == NewEvent.NEXT ? event.at(next(aggregate, before)) : event;
        newest.put(aggregate, Math.max(before, resolved.version()));
        return resolved;
    }

    private static int next(AggregateId aggregate, int before) {
        if (before == Integer.MAX_VALUE) {
            throw new StoreException(aggregate + " is at version " + before + ", which no version can follow");
        }
        return before + 1;
    }

    private static void checkDistinct(List<NewEvent> events, Map<AggregateId, Integer> newest) {
        record Place(AggregateId aggregate, int version) {}
        Set<UUID> ids = new HashSet<>();
        Set<Place> places = new HashSet<>();
        for (NewEvent event : events) {
            if (!ids.add(event.id())) {
                throw new EventConflictException(event.id());
            }
            AggregateId aggregate = event.aggregate();
            if (aggregate != null && event.version() > 0 && !places.add(new Place(aggregate, event.version()))) {
                throw conflict(aggregate, event.version(), newest.getOrDefault(aggregate, 0));
            }
        }
    }
}
