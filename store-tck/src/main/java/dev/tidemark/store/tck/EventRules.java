package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.Backend;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of every rule for events start from: an empty event store, open, and closed afterwards. */
abstract class EventRules extends Resources {
    /** The event whose data is a {@link Sample}. */
    static final String COUNTED = "counted";

    /** The event whose data is a {@link Remark}. */
    static final String REMARKED = "remarked";

    /** Events whose data is a {@link Note}. */
    static final List<String> NOTED =
            List.of("noted", "NOTED", "n", "note d", "'; --", "\"\\", "[1]", "notiert: äöü \uD83D\uDE00");

    /** Data of another type. */
    record Remark(String text) {}

    /** Data of a type that several events have. */
    record Note(int number) {}

    final EventStoreTck tck;

    Backend backend;
    EventStore events;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    EventRules(EventStoreTck tck) {
        super(tck.patience());
        this.tck = tck;
    }

    @BeforeEach
    final void openEvents() {
        backend = own(tck.openBackend(directory));
        events = open(types());
    }

    /** Closes the backend and opens it again on the same data. */
    final void reopen() {
        backend.close();
        openEvents();
    }

    /** Opens the backend anew; not beside the one that is open, which takes a backend whose data can be shared. */
    final void bound(Duration timeout) {
        backend.close();
        backend = atLast(() -> own(tck.openWithTimeout(directory, timeout)));
        events = open(types());
    }

    final void insertAtLast(Event<Sample> event) {
        boolean unused = atLast(() -> events.find(event.id()).isPresent()
                || !events.insert(event).events().isEmpty());
    }

    final EventStore open(EventTypes types) {
        return open(types, EventStoreOptions.defaults());
    }

    final EventStore open(EventTypes types, EventStoreOptions options) {
        return tck.openEvents(backend, types, options);
    }

    final EventTypes types() {
        EventTypes types =
                EventTypes.none().with(COUNTED, Sample.class, tck.codec()).with(REMARKED, Remark.class, remarks());
        for (String name : NOTED) {
            types = types.with(name, Note.class, notes());
        }
        return types;
    }

    final Codec<Remark> remarks() {
        return new Adapted<>(tck.codec(), remark -> new Sample(remark.text(), 0), sample -> new Remark(sample.name()));
    }

    final Codec<Note> notes() {
        return new Adapted<>(tck.codec(), note -> new Sample("", note.number()), sample -> new Note(sample.number()));
    }

    /** A codec of other values in the format of the suite's. */
    record Adapted<V>(Codec<Sample> codec, Function<V, Sample> to, Function<Sample, V> from) implements Codec<V> {
        @Override
        public byte[] encode(V value) {
            return codec.encode(to.apply(value));
        }

        @Override
        public V decode(byte[] bytes) {
            return from.apply(codec.decode(bytes));
        }

        @Override
        public String mediaType() {
            return codec.mediaType();
        }
    }

    static Sample sample(int number) {
        return new Sample("sample", number);
    }

    static Event<Sample> event(int number) {
        return Event.of(COUNTED, sample(number));
    }

    static List<Event<Sample>> events(int count) {
        return IntStream.range(0, count).mapToObj(EventRules::event).toList();
    }

    /** The versions from one to another of an aggregate, in that order. */
    static List<Event<Sample>> history(AggregateId aggregate, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(version -> event(version).withAggregate(aggregate, version))
                .toList();
    }

    static AggregateId aggregate() {
        return AggregateId.random("account");
    }

    static UUID uuid(long high, long low) {
        return new UUID(high, low);
    }

    /** Everything there is, by position. */
    final List<Event<?>> all() {
        return events.list(EventQuery.all());
    }

    final List<Event<?>> history(AggregateId aggregate) {
        return events.list(EventQuery.ofAggregate(aggregate));
    }

    static List<Integer> versions(List<Event<?>> events) {
        return events.stream().map(Event::version).toList();
    }

    static List<UUID> ids(List<? extends Event<?>> events) {
        return events.stream().map(Event::id).toList();
    }

    static List<Integer> numbers(List<Event<?>> events) {
        return events.stream().map(event -> ((Sample) event.data()).number()).toList();
    }

    /** Asserts that a write is refused for the version of an aggregate. */
    static void assertConflict(AggregateId aggregate, int expected, int actual, ThrowingRunnable write) {
        assertThatThrownBy(write::run).isInstanceOfSatisfying(EventConflictException.class, conflict -> {
            assertThat(conflict.aggregate()).contains(aggregate);
            assertThat(conflict.expected()).hasValue(expected);
            assertThat(conflict.actual()).hasValue(actual);
            assertThat(conflict.id()).isEmpty();
        });
    }

    /** Asserts that a write is refused because the id of an event is taken. */
    static void assertConflict(UUID id, ThrowingRunnable write) {
        assertThatThrownBy(write::run).isInstanceOfSatisfying(EventConflictException.class, conflict -> {
            assertThat(conflict.id()).contains(id);
            assertThat(conflict.aggregate()).isEmpty();
            assertThat(conflict.expected()).isEmpty();
            assertThat(conflict.actual()).isEmpty();
        });
    }

    /** Null, where it is not allowed. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T nothing() {
        return null;
    }

    final void assertNothingWritten(ThrowingRunnable deed) throws Exception {
        List<Event<?>> before = all();
        deed.run();
        assertThat(all()).as("what is stored").isEqualTo(before);
    }
}
