package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries, events and the caller's own statements in one transaction. */
class TransactionTest {
    @TempDir
    Path directory;

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private Path file;
    private SqliteBackend backend;
    private Store<String> store;
    private EventStore events;

    @BeforeEach
    void open() throws Exception {
        file = directory.resolve("app.db");
        backend = SqliteBackend.open(SqliteOptions.at(file));
        store = backend.store(Texts.CODEC);
        events = backend.events(Talk.TYPES);
        assertThat(events.position()).isZero();
        try (Database database = new Database(file)) {
            database.execute("CREATE TABLE own (text TEXT UNIQUE)");
        }
    }

    @AfterEach
    void close() {
        backend.close();
        other.shutdownNow();
    }

    @Test
    void ownStatementsAreCommittedWithTheRest() throws Exception {
        backend.transact(transaction -> {
            write(transaction, "a");
            return insert(transaction, "a");
        });
        assertStored("a");
    }

    @Test
    void aFailureRollsOwnStatementsBackToo() throws Exception {
        IllegalStateException failure = new IllegalStateException("no");
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    write(transaction, "a");
                    insert(transaction, "a");
                    throw failure;
                }))
                .isSameAs(failure);
        assertStored();
        backend.transact(transaction -> {
            write(transaction, "b");
            return insert(transaction, "b");
        });
        assertStored("b");
    }

    @Test
    void aHooksOwnStatementFailsTheWriteOfEventsAndLeavesTheBackendUsable() throws Exception {
        EventHook hook = new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                assertThat(inserted.get(0).position()).isPositive();
                inserted.forEach(event -> insert(transaction, (String) event.data()));
            }
        };
        EventStore hooked =
                backend.events(Talk.TYPES, EventStoreOptions.defaults().withHook(hook));
        assertThatThrownBy(() -> hooked.insert(Event.of("said", "a"), Event.of("said", "a")))
                .hasRootCauseInstanceOf(SQLException.class);
        assertThat(events.list(EventQuery.all())).isEmpty();
        hooked.insert(Event.of("said", "a"), Event.of("said", "b"));
        assertThat(events.list(EventQuery.all())).hasSize(2);
        try (Database database = new Database(file)) {
            assertThat(database.column("SELECT text FROM own ORDER BY text")).containsExactly("a", "b");
        }
    }

    @Test
    void aResultThatWasLeftOpenKeepsNobodyFromWriting() throws Exception {
        store.setAll("kind", Map.of("a", "1", "b", "2"));
        List<ResultSet> open = new ArrayList<>();
        backend.transact(transaction -> open.add(query(transaction, "SELECT key FROM zestor_kv")));
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    open.add(query(transaction, "SELECT key FROM zestor_kv"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        try (Database database = new Database(file)) {
            database.execute("INSERT INTO own VALUES ('by another process')");
        }
        assertThat(store.set("kind", "c", "3")).isEqualTo(SetResult.CREATED);
        for (ResultSet result : open) {
            assertThat(result.isClosed()).isTrue();
        }
    }

    @Test
    void aConnectionIsOfNoUseBehindItsTransaction() throws Exception {
        Connection connection = backend.transact(
                transaction -> transaction.unwrap(Connection.class).orElseThrow());
        assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
        assertThat(connection.toString()).isNotEmpty();
    }

    /** More than are remembered without a look at which of them are closed by now. */
    @Test
    void statementsThatWereClosedAreForgotten() throws Exception {
        List<Statement> open = new ArrayList<>();
        backend.transact(transaction -> {
            Connection connection = transaction.unwrap(Connection.class).orElseThrow();
            for (int i = 0; i < 2_500; i++) {
                try {
                    Statement statement = connection.createStatement();
                    if (i % 1_000 == 0) {
                        open.add(statement);
                    } else {
                        statement.close();
                    }
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            }
            return true;
        });
        assertThat(open).hasSize(3);
        for (Statement statement : open) {
            assertThat(statement.isClosed()).isTrue();
        }
    }

    /** SQLite also does when the disk is full. Whatever came then would be committed by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"INSERT OR ROLLBACK INTO own VALUES ('there')", "ROLLBACK", "COMMIT"})
    void aTransactionThatAStatementHasEndedIsNotGoneOnWith(String ending) throws Exception {
        try (Database database = new Database(file)) {
            database.execute("INSERT INTO own VALUES ('there')");
        }
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    write(transaction, "a");
                    return end(transaction, ending);
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("the transaction is over");
        assertThat(store.kinds()).isEmpty();
        try (Database database = new Database(file)) {
            assertThat(database.column("SELECT text FROM own")).containsExactly("there");
        }
        assertThat(store.set("kind", "b", "1")).isEqualTo(SetResult.CREATED);
    }

    private static boolean end(Transaction transaction, String ending) {
        Connection connection = transaction.unwrap(Connection.class).orElseThrow();
        try (Statement statement = connection.createStatement();
                PreparedStatement later = connection.prepareStatement("INSERT INTO own VALUES ('alone')")) {
            assertThat(statement.getConnection()).isSameAs(connection);
            try {
                statement.execute(ending);
            } catch (SQLException taken) {
                assertThat(taken.getMessage()).contains("UNIQUE");
            }
            assertThatThrownBy(later::executeUpdate)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("the transaction is over");
            return true;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void nobodyButTheBackendEndsTheTransaction() throws Exception {
        backend.transact(transaction -> {
            Connection connection = transaction.unwrap(Connection.class).orElseThrow();
            assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.setAutoCommit(true)).isInstanceOf(SQLException.class);
            assertThat(transaction.unwrap(String.class)).isEmpty();
            write(transaction, "a");
            return insert(transaction, "a");
        });
        assertStored("a");
    }

    @Test
    void beforeItsFirstCallATransactionKeepsNobodyWaiting() {
        backend.transact(transaction -> {
            store.set("own", "before", "1");
            events.insert(Event.of("said", "before"));
            write(transaction, "a");
            assertThat(store.get("own", "before")).contains("1");
            return events.insert(Event.of("said", "between"));
        });
        assertThat(events.list(EventQuery.all())).hasSize(3);
    }

    @Test
    void writersWaitForATransactionThatHoldsTheFile() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Future<?> waiting = backend.transact(transaction -> {
            insert(transaction, "a");
            Future<?> write = other.submit(() -> {
                started.countDown();
                events.insert(Event.of("said", "later"));
            });
            await(started);
            assertThat(events.list(EventQuery.all())).isEmpty();
            transaction.write(events, new EventBatch().insert(Event.of("said", "first")));
            return write;
        });
        waiting.get(1, TimeUnit.MINUTES);
        assertThat(events.list(EventQuery.all()).stream().<Object>map(Event::data))
                .containsExactly("first", "later");
    }

    @Test
    void aTransactionThatHoldsTheFileForTooLongFails() throws Exception {
        SqliteOptions impatient = SqliteOptions.at(file).withTimeout(Duration.ofSeconds(1));
        try (SqliteBackend bounded = SqliteBackend.open(impatient)) {
            assertThatThrownBy(() -> bounded.transact(transaction -> {
                        insert(transaction, "a");
                        Future<?> waiting =
                                other.submit(() -> bounded.store(Texts.CODEC).set("own", "key", "waits"));
                        assertThatThrownBy(waiting::get).hasCauseInstanceOf(StoreTimeoutException.class);
                        transaction.write(bounded.store(Texts.CODEC), new WriteBatch<String>().set("own", "key", "1"));
                        return true;
                    }))
                    .isInstanceOf(StoreTimeoutException.class);
        }
        assertStored();
    }

    @Test
    void aTransactionThatHoldsTheFileWritesToItselfOnly() throws Exception {
        EventStore elsewhere =
                backend.events(Talk.TYPES, EventStoreOptions.defaults().withTable("elsewhere"));
        assertThat(elsewhere.position()).isZero();
        List<ThrowingCallable> writes = List.of(
                () -> store.set("own", "key", "past it"),
                () -> store.upsert("own", "key", present -> "past it"),
                () -> events.insert(Event.of("said", "past it")),
                () -> events.delete(List.of(UUID.randomUUID())),
                () -> elsewhere.insert(Event.of("said", "past it")),
                () -> backend.transact(inner -> insert(inner, "past it")));
        backend.transact(transaction -> {
            insert(transaction, "a");
            writes.forEach(write -> assertThatThrownBy(write)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inside of a transaction"));
            write(transaction, "a");
            return true;
        });
        assertStored("a");
        assertThat(store.set("own", "key", "behind it")).isEqualTo(SetResult.CREATED);
    }

    @Test
    void closingTheBackendEndsATransaction() throws Exception {
        SqliteBackend closing = SqliteBackend.open(SqliteOptions.at(file).withTimeout(Duration.ofSeconds(1)));
        Store<String> view = closing.store(Texts.CODEC);
        assertThatThrownBy(() -> closing.transact(transaction -> {
                    insert(transaction, "a");
                    closing.close();
                    transaction.write(view, new WriteBatch<String>().set("own", "key", "1"));
                    return true;
                }))
                .isInstanceOfAny(StoreClosedException.class, StoreTimeoutException.class);
        assertStored();
    }

    private void write(Transaction transaction, String text) {
        transaction.write(store, new WriteBatch<String>().set("own", text, text));
        transaction.write(events, new EventBatch().insert(Event.of("said", text)));
    }

    private static boolean insert(Transaction transaction, String text) {
        Connection connection = transaction.unwrap(Connection.class).orElseThrow();
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO own VALUES ('" + text + "')") == 1;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void assertStored(String... texts) throws SQLException {
        assertThat(store.keys("own")).containsExactly(texts);
        assertThat(events.list(EventQuery.all()).stream().<Object>map(Event::data))
                .containsExactly((Object[]) texts);
        try (Database database = new Database(file)) {
            assertThat(database.column("SELECT text FROM own")).containsExactly(texts);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static ResultSet query(Transaction transaction, String sql) {
        try {
            Statement statement =
                    transaction.unwrap(Connection.class).orElseThrow().createStatement();
            ResultSet result = statement.executeQuery(sql);
            assertThat(result.next()).isTrue();
            return result;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
