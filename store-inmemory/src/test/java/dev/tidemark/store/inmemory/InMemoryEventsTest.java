package dev.tidemark.store.inmemory;

import static dev.tidemark.store.inmemory.Texts.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries and events in one transaction. */
class InMemoryEventsTest {
    private static final EventTypes TYPES = EventTypes.none().with("said", String.class, TEXT);

    private final InMemoryBackend backend = InMemoryBackend.open();
    private final EventStore events = backend.events(TYPES);
    private final Store<String> store = backend.store(TEXT);
    private final AggregateId aggregate = AggregateId.random("talk");

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void e12_whateverACodecThrowsIsToldWithTheEvent() {
        EventStore fragile = backend.events(EventTypes.none().with("said", String.class, new Codec<>() {
            @Override
            public byte[] encode(String value) {
                return TEXT.encode(value);
            }

            @Override
            public String decode(byte[] bytes) {
                throw new IllegalStateException("made on purpose");
            }
        }));
        Event<String> event = Event.of("said", "hello");
        fragile.insert(event);
        assertThatThrownBy(() -> fragile.find(event.id()))
                .isInstanceOf(UndecodableEventException.class)
                .hasRootCauseMessage("made on purpose")
                .hasMessageContaining(event.id().toString());
    }

    @Test
    void aFailedConditionTakesBackTheEventsBeforeIt() {
        store.set("kind", "key", "there");
        Appended before = events.append(aggregate, ExpectedVersion.NONE, "hello");
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    EventBatch batch = new EventBatch().append(aggregate, ExpectedVersion.ANY, "lost");
                    transaction.write(events, batch.appendId("again"));
                    transaction.write(store, new WriteBatch<String>().create("kind", "key", "lost"));
                    return true;
                }))
                .isInstanceOf(ConflictException.class);
        assertThat(events.list(EventQuery.all())).isEqualTo(before.events());
        assertThat(events.position()).isEqualTo(before.position());
        assertThat(store.get("kind", "key")).contains("there");
        EventBatch again = new EventBatch().append(aggregate, ExpectedVersion.exactly(1), "found");
        Appended after = events.write(again.appendId("again"));
        assertThat(after.repeated()).isFalse();
        assertThat(after.version()).isEqualTo(2);
    }

    @Test
    void aConflictOfEventsTakesBackTheEntriesBeforeIt() {
        events.append(aggregate, ExpectedVersion.NONE, "hello");
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    transaction.write(store, new WriteBatch<String>().set("kind", "key", "lost"));
                    transaction.write(store, new WriteBatch<String>().set("kind", "key", "lost, too"));
                    transaction.write(events, new EventBatch().append(aggregate, ExpectedVersion.NONE, "lost"));
                    return true;
                }))
                .isInstanceOf(EventConflictException.class);
        assertThat(store.snapshot().revision()).isZero();
        assertThat(store.get("kind", "key")).isEmpty();
    }

    @Test
    void writesOfOneTransactionSeeEachOther() {
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<String>().create("kind", "key", "one"));
            transaction.write(store, new WriteBatch<String>().set("kind", "key", "two"));
            transaction.write(events, new EventBatch().append(aggregate, ExpectedVersion.NONE, "a"));
            transaction.write(events, new EventBatch().append(aggregate, ExpectedVersion.exactly(1), "b"));
            return true;
        });
        assertThat(store.entry("kind", "key").orElseThrow().version()).isEqualTo(2);
        try (Stream<Event<?>> history = events.query(EventQuery.ofAggregate(aggregate))) {
            assertThat(history.<Object>map(Event::data)).containsExactly("a", "b");
        }
    }

    @Test
    void aHookWritesToItsTransactionOnly() {
        EventStore elsewhere =
                backend.events(TYPES, EventStoreOptions.defaults().withTable("elsewhere"));
        List<Runnable> writes = List.of(
                () -> events.append(aggregate, ExpectedVersion.ANY, "nested"),
                () -> events.delete(events.list(EventQuery.all()).get(0)),
                () -> elsewhere.append(aggregate, ExpectedVersion.ANY, "nested"),
                () -> backend.transact(inner -> {
                    inner.write(events, new EventBatch().append(aggregate, ExpectedVersion.ANY, "nested"));
                    return true;
                }),
                () -> store.set("kind", "key", "nested"),
                () -> store.setAll("kind", Map.of("key", "nested")),
                () -> store.upsert("kind", "key", present -> "nested"),
                () -> store.delete("kind", "key"));
        store.set("kind", "key", "there");
        Appended before = events.append(aggregate, ExpectedVersion.NONE, "before");
        for (Runnable write : writes) {
            EventStore hooked =
                    backend.events(TYPES, EventStoreOptions.defaults().withHook(new EventHook() {
                        @Override
                        public void after(Transaction transaction, List<Event<?>> inserted) {
                            write.run();
                        }
                    }));
            assertThatThrownBy(() -> hooked.append(aggregate, ExpectedVersion.ANY, "refused"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inside of a transaction");
            assertThat(events.list(EventQuery.all())).isEqualTo(before.events());
        }
        assertThat(elsewhere.position()).isZero();
        assertThat(store.snapshot().revision()).isEqualTo(1);
        assertThat(events.append(aggregate, ExpectedVersion.exactly(1), "behind")
                        .position())
                .isEqualTo(before.position() + 1);
    }
}
