package dev.tidemark.event;

import dev.tidemark.event.spi.Selection;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.spi.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Snapshots of the aggregates of one name, kept in a {@link Store} of their states. Thread safe; calls block as those of the store do.
 *
 * @param <S> the type of the state
 * @since 0.1
 */
public final class SnapshotStore<S> {
    private static final String KIND = "snapshots/";
    private static final int MAX_NAME_BYTES = Names.MAX_KIND_BYTES - KIND.length();
    private static final UUID NO_ID = new UUID(0, 0);

    private final Store<S> store;
    private final String aggregateName;
    private final String kind;

    private SnapshotStore(Store<S> store, String aggregateName) {
        this.store = Objects.requireNonNull(store, "store");
        this.aggregateName = EventNames.check("aggregate name", aggregateName);
        int bytes = aggregateName.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the name of an aggregate with snapshots must have at most "
                    + MAX_NAME_BYTES + " bytes of UTF-8, but has " + bytes);
        }
        this.kind = KIND + aggregateName;
    }

    /**
     * Keeps snapshots of aggregates of a name in {@code store}, as the kind {@code snapshots/} and that name. A store that keeps values
     * as they are given, without a codec, needs states that nobody changes.
     *
     * @throws IllegalArgumentException if the name has more than 245 bytes of UTF-8
     */
    public static <S> SnapshotStore<S> over(Store<S> store, String aggregateName) {
        return new SnapshotStore<>(store, aggregateName);
    }

    /**
     * Saves the state of an aggregate at a version, in place of one that was saved of the same version.
     *
     * @param event the id of the event with that version
     */
    public void save(UUID id, int version, UUID event, S state) {
        if (version < 1) {
            throw new IllegalArgumentException("a snapshot needs a positive version, not " + version);
        }
        String key = key(id, version) + Objects.requireNonNull(event, "event");
        WriteBatch<S> batch = new WriteBatch<S>().set(kind, key, state);
        keys(key(id, version)).stream().filter(other -> !other.equals(key)).forEach(other -> batch.delete(kind, other));
        store.write(batch);
    }

    /** Returns the snapshot of an aggregate with the highest version. */
    public Optional<AggregateSnapshot<S>> latest(UUID id) {
        return atMost(id, Integer.MAX_VALUE);
    }

    /** Returns the snapshot of an aggregate at a version. */
    public Optional<AggregateSnapshot<S>> exactly(UUID id, int version) {
        return atMost(id, version).filter(snapshot -> snapshot.version() == version);
    }

    /** Returns the snapshot of an aggregate with the highest version up to one. */
    public Optional<AggregateSnapshot<S>> atMost(UUID id, int version) {
        if (version < 1) {
            return Optional.empty();
        }
        ListOptions first = ListOptions.defaults()
                .withPrefix(prefix(id))
                .withFrom(key(id, version))
                .withLimit(1);
        return store.list(kind, first).items().stream().findFirst().map(this::snapshot);
    }

    /**
     * Returns the snapshots that {@code query} selects by their aggregates, versions and times, in its order, in memory; without a sort
     * by the ids of aggregates, the newest version first.
     *
     * @throws IllegalArgumentException if the query filters by ids or names of events
     */
    public List<AggregateSnapshot<S>> query(EventQuery query) {
        if (!query.ids().isEmpty() || !query.names().isEmpty()) {
            throw new IllegalArgumentException("a snapshot has neither the id nor the name of an event");
        }
        List<AggregateSnapshot<S>> selected = new ArrayList<>();
        try (Snapshot<S> all = store.snapshot();
                Stream<Entry<S>> entries = all.stream(kind)) {
            entries.map(this::snapshot)
                    .filter(snapshot -> Selection.matches(query, asEvent(snapshot)))
                    .forEach(selected::add);
        }
        if (!query.sorts().isEmpty()) {
            Comparator<StoredEvent> order = Selection.order(query);
            selected.sort((a, b) -> order.compare(asEvent(a), asEvent(b)));
        }
        return selected;
    }

    /** Deletes the snapshot of an aggregate at a version, if there is one. */
    public boolean delete(UUID id, int version) {
        return version > 0 && deleteAll(key(id, version)) > 0;
    }

    /** Deletes all snapshots of an aggregate, at once; returns how many there were. */
    public int deleteAll(UUID id) {
        return deleteAll(prefix(id));
    }

    private int deleteAll(String prefix) {
        WriteBatch<S> batch = new WriteBatch<>();
        keys(prefix).forEach(key -> batch.delete(kind, key));
        return store.write(batch).deleted();
    }

    private List<String> keys(String prefix) {
        return store.keys(kind, ListOptions.defaults().withPrefix(prefix)).items();
    }

    String aggregateName() {
        return aggregateName;
    }

    private AggregateSnapshot<S> snapshot(Entry<S> entry) {
        String[] parts = entry.key().split("/", 3);
        AggregateId aggregate = new AggregateId(aggregateName, UUID.fromString(parts[0]));
        int version = Integer.MAX_VALUE - Integer.parseInt(parts[1]);
        UUID event = UUID.fromString(parts[2]);
        return new AggregateSnapshot<>(aggregate, version, event, entry.updatedAt(), entry.value());
    }

    private static StoredEvent asEvent(AggregateSnapshot<?> snapshot) {
        long time = EventTime.toNanos(snapshot.time());
        return new StoredEvent(NO_ID, "", time, snapshot.aggregate(), snapshot.version(), new byte[0], Map.of(), 0);
    }

    private static String prefix(UUID id) {
        return Objects.requireNonNull(id, "id") + "/";
    }

    /** What keys of a version start with: the earlier the higher it is, so that the latest is found first. */
    private static String key(UUID id, int version) {
        return prefix(id) + String.format(Locale.ROOT, "%010d/", Integer.MAX_VALUE - version);
    }
}
