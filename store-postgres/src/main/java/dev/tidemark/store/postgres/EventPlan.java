package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.EventWrite.Expectation;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a group of writes comes to, worked out before the versions of its aggregates are known: it assumes that each is where the
 * first write that cares expects it, and the server checks that. An aggregate of which nobody expects anything is left to the server
 * altogether, which adds its version to those of the rows.
 */
final class EventPlan {

    /**
     * An aggregate that is appended to.
     *
     * @param assumed the version it has to be at; null for whatever it is at
     */
    record Base(AggregateId aggregate, @Nullable Integer assumed) {}

    /**
     * An event to be inserted.
     *
     * @param base the number, from 1, of the aggregate whose version comes on top; 0 for none
     */
    record Row(NewEvent event, int base) {}

    /** The outcome of one write if the plan holds: its rows, or why it fails. */
    private record Share(List<Row> rows, @Nullable StoreException failure) {}

    private final List<Base> bases = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Share> shares = new ArrayList<>();
    private final Map<AggregateId, Integer> current = new LinkedHashMap<>();
    private final Map<AggregateId, Integer> open = new HashMap<>();

    /**
     * Plans writes.
     *
     * @param known versions that were read, maybe a moment ago
     */
    EventPlan(List<EventWrite> writes, Map<AggregateId, Integer> known) {
        Map<AggregateId, @Nullable Integer> expected = expectations(writes);
        Set<AggregateId> fixed = insertedInto(writes);
        expected.forEach((aggregate, version) -> {
            Integer assumed = known.containsKey(aggregate) ? known.get(aggregate) : version;
            if (assumed == null && fixed.contains(aggregate)) {
                assumed = 0;
            }
            bases.add(new Base(aggregate, assumed));
            current.put(aggregate, assumed == null ? 0 : assumed);
            if (assumed == null) {
                open.put(aggregate, bases.size());
            }
        });
        writes.forEach(this::add);
    }

    private static Map<AggregateId, @Nullable Integer> expectations(List<EventWrite> writes) {
        Map<AggregateId, @Nullable Integer> expected = new LinkedHashMap<>();
        for (EventWrite write : writes) {
            for (Expectation expectation : write.expectations()) {
                Integer version = expectation.expected().version();
                if (expected.get(expectation.aggregate()) == null) {
                    expected.put(expectation.aggregate(), version);
                }
            }
        }
        return expected;
    }

    /** The aggregates with events whose versions are given. */
    private static Set<AggregateId> insertedInto(List<EventWrite> writes) {
        Set<AggregateId> aggregates = new HashSet<>();
        for (EventWrite write : writes) {
            for (NewEvent event : write.events()) {
                if (event.aggregate() != null && event.version() != NewEvent.NEXT) {
                    aggregates.add(event.aggregate());
                }
            }
        }
        return aggregates;
    }

    private void add(EventWrite write) {
        try {
            List<Row> own = new ArrayList<>();
            for (NewEvent event : write.resolve(current)) {
                AggregateId aggregate = event.aggregate();
                if (aggregate != null) {
                    current.computeIfPresent(aggregate, (id, before) -> Math.max(before, event.version()));
                }
                own.add(new Row(event, aggregate == null ? 0 : open.getOrDefault(aggregate, 0)));
            }
            rows.addAll(own);
            shares.add(new Share(own, null));
        } catch (StoreException failure) {
            shares.add(new Share(List.of(), failure));
        }
    }

    List<Base> bases() {
        return bases;
    }

    List<Row> rows() {
        return rows;
    }

    /** Why a write fails if the plan holds; null if it does not fail. */
    @Nullable
    StoreException failure(int write) {
        return shares.get(write).failure();
    }

    /** What a write has stored, given the versions of the aggregates and the positions of all rows. */
    List<StoredEvent> stored(int write, int[] actual, long[] positions) {
        int first = 0;
        for (Share before : shares.subList(0, write)) {
            first += before.rows().size();
        }
        List<StoredEvent> stored = new ArrayList<>();
        for (Row row : shares.get(write).rows()) {
            NewEvent event = row.event();
            int version = event.version() + (row.base() == 0 ? 0 : actual[row.base() - 1]);
            stored.add(event.at(version).stored(positions[first]));
            first++;
        }
        return stored;
    }

    /** The versions that the server found. */
    Map<AggregateId, Integer> versions(int[] actual) {
        Map<AggregateId, Integer> versions = new HashMap<>();
        for (int i = 0; i < actual.length; i++) {
            versions.put(bases.get(i).aggregate(), actual[i]);
        }
        return versions;
    }
}
