package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database in memory has one connection, and a transaction may hold it. */
class SingleConnectionTest {
    private final SqliteBackend backend = SqliteBackend.open(SqliteOptions.inMemory());
    private final Store<String> store =
            backend.store(Texts.CODEC, StoreOptions.<String>defaults().withSameValue(String::equalsIgnoreCase));

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void aTransactionComparesValuesOnItsOwnConnection() {
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<String>().set("kind", "key", "a"));
            transaction.write(
                    store, new WriteBatch<String>().set("kind", "key", "A").set("kind", "other", "b"));
            return true;
        });
        assertThat(store.entry("kind", "key")).map(Entry::value).contains("a");
        assertThat(store.get("kind", "other")).contains("b");
    }

    @Test
    void aHookComparesValuesOnTheConnectionOfItsWrite() {
        EventHook hook = new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                transaction.write(store, new WriteBatch<String>().set("kind", "key", (String)
                                inserted.get(0).data()));
            }
        };
        backend.events(Talk.TYPES, EventStoreOptions.defaults().withHook(hook)).insert(Event.of("said", "a"));
        assertThat(store.get("kind", "key")).contains("a");
    }
}
