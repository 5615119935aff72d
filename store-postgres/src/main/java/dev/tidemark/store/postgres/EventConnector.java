package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connects when it is first asked to, and again after that failed: to a database that it makes if it is missing. */
final class EventConnector implements Supplier<EventDatabase>, AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final Set<String> EXISTS_ALREADY = Set.of("42P04", "23505");

    private final PostgresEventOptions options;
    private final Consumer<@Nullable Long> pokeTable;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable EventDatabase open;
    private volatile boolean closed;

    /**
     * Makes no connection.
     *
     * @param pokeTable takes the table to which something may have been committed; null for all of them
     */
    EventConnector(PostgresEventOptions options, Consumer<@Nullable Long> pokeTable) {
        this.options = options;
        this.pokeTable = pokeTable;
    }

    @Override
    public EventDatabase get() {
        EventDatabase database = open;
        return database != null ? database : connect();
    }

    DataSource dataSource() {
        EventDatabase database = open;
        if (database == null) {
            throw new IllegalStateException("not connected yet; call connect() first");
        }
        return database.connections().dataSource();
    }

    private EventDatabase connect() {
        Deadline deadline = Deadline.after(options.timeout());
        lock(connecting, deadline, "the connection that another call makes");
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            EventDatabase database = open;
            if (database == null) {
                database = connectNow();
                open = database;
            }
            return database;
        } finally {
            connecting.unlock();
        }
    }

    /** Takes a lock that is held while somebody connects. */
    static void lock(ReentrantLock lock, Deadline deadline, String waitingFor) {
        try {
            if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.expired(waitingFor);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw SqlErrors.interrupted(waitingFor, interrupt);
        }
    }

    private EventDatabase connectNow() {
        PostgresOptions server = options.server(System::getenv);
        PostgresOptions connection = server.onDatabase(options.database());
        if (connection.dataSource() == null) {
            createUnlessThere(server, connection);
        }
        String name = "tidemark-events-" + COUNT.incrementAndGet();
        Calls calls = new Calls(name);
        Connections connections = new Connections(connection, name);
        String channel = Doorbell.channel(connection.tablePrefix());
        Doorbell doorbell = new Doorbell(connections, channel, name);
        Listener listener = new Listener(connections, doorbell, channel, name, namespace -> {}, pokeTable);
        return EventDatabase.of(connection, calls, connections, doorbell, listener, null);
    }

    /** Looks first, so that a role that may not connect to another database need not. */
    private void createUnlessThere(PostgresOptions server, PostgresOptions connection) {
        try (Connection present = Connections.ofUri(connection).getConnection()) {
            present.clearWarnings();
        } catch (SQLException failure) {
            if (!isNoSuchDatabase(failure)) {
                throw SqlErrors.unavailable(failure);
            }
            create(server);
        }
    }

    private void create(PostgresOptions server) {
        try (Connection connection = base(server);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE DATABASE " + EventTable.quoted(options.database()) + " TEMPLATE template0 ENCODING 'UTF8'");
        } catch (SQLException failure) {
            if (!EXISTS_ALREADY.contains(SqlErrors.state(failure))) {
                throw SqlErrors.unavailable(failure);
            }
        }
    }

    /** The database of the URL may be the one that is missing; there nearly always is another. */
    private static Connection base(PostgresOptions server) throws SQLException {
        try {
            return Connections.ofUri(server).getConnection();
        } catch (SQLException failure) {
            if (!isNoSuchDatabase(failure)) {
                throw failure;
            }
            return Connections.ofUri(server.onDatabase("postgres")).getConnection();
        }
    }

    private static boolean isNoSuchDatabase(SQLException failure) {
        return SqlErrors.state(failure).equals(NO_SUCH_DATABASE);
    }

    @Override
    public void close() {
        connecting.lock();
        try {
            closed = true;
            EventDatabase database = open;
            if (database != null) {
                database.listener().close();
                database.doorbell().close();
                database.connections().close();
                database.calls().close();
            }
        } finally {
            connecting.unlock();
        }
    }
}
