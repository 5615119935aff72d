package dev.tidemark.store.sqlite;

import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.event.spi.TransactionEngine;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A table of events. Its writes are requests among those of the entries, and share transactions with them; the first call that needs the
 * table looks for it, and makes it if need be.
 */
final class SqliteEvents implements EventEngine {
    /** How far to look for a match at once. */
    private static final long WINDOW = 20_000;

    private final SqliteEngine engine;
    private final String name;
    private final EventSql sql;
    private final EventTable table;
    private final Map<Object, Runnable> hints = new ConcurrentHashMap<>();
    private volatile boolean ready;

    SqliteEvents(SqliteEngine engine, String name) {
        this.engine = engine;
        this.name = name;
        this.sql = new EventSql(name);
        this.table = new EventTable(sql);
    }

    @Override
    public Duration timeout() {
        return engine.timeout();
    }

    @Override
    public EventReceipt write(EventWrite write) {
        return engine.write(write.events().size(), transaction -> write(transaction, write));
    }

    @Override
    public @Nullable StoredEvent find(UUID id) {
        return read(session -> find(session, id)).orElse(null);
    }

    @Override
    public EventCursor query(EventQuery query) {
        return new SqliteCursor(this, new EventSelect(sql, query), newest());
    }

    @Override
    public int delete(Collection<UUID> ids) {
        return engine.write(ids.size(), transaction -> table.delete(prepared(transaction), ids));
    }

    @Override
    public long newest() {
        return read(this::newest);
    }

    @Override
    public EventPage after(long position, EventQuery filter, int limit) {
        EventSelect select = new EventSelect(sql, filter);
        return read(session -> after(session, position, select, limit));
    }

    @Override
    public Registration onCommit(Runnable hint) {
        Object registration = new Object();
        hints.put(registration, hint);
        return () -> hints.remove(registration);
    }

    @Override
    public Duration pollInterval() {
        return engine.options().watchPolling();
    }

    @Override
    public OptionalLong claim(String subscription, UUID owner, Duration lease, long start) {
        return engine.write(1, transaction -> {
            Session session = prepared(transaction);
            return table.claim(session, transaction.now(), subscription, owner, lease, start);
        });
    }

    @Override
    public boolean move(Checkpoint step) {
        return engine.write(1, transaction -> move(transaction, step));
    }

    @Override
    public void checkFollowable() {
        engine.checkOpen();
    }

    @Override
    public void release(String subscription, UUID owner) {
        engine.write(1, transaction -> table.release(prepared(transaction), subscription, owner));
    }

    @Override
    public TransactionEngine transactions() {
        return engine.transactions();
    }

    EventReceipt write(WriteTransaction transaction, EventWrite write) throws SQLException {
        EventReceipt receipt = table.write(prepared(transaction), write);
        transaction.touch(this);
        return receipt;
    }

    boolean move(WriteTransaction transaction, Checkpoint step) throws SQLException {
        return table.move(prepared(transaction), step);
    }

    EventSql sql() {
        return sql;
    }

    /** Something was written, or the table was made. */
    void committed() {
        ready = true;
        hint();
    }

    /** Says that there may be something new, or that the backend was closed. */
    void hint() {
        hints.values().forEach(Runnable::run);
    }

    /** Reads with a session of the moment, once the table is there. */
    <T> T read(Session.Work<T> work) {
        engine.checkOpen();
        prepare();
        return engine.sessions().readers().run(engine.deadline(), work);
    }

    /** Sees to the table, unless that was done. */
    void prepare() {
        if (!ready) {
            SessionPool readers = engine.sessions().readers();
            ready = engine.options().readOnly()
                    ? readers.run(engine.deadline(), schema()::validate)
                    : readers.run(engine.deadline(), schema()::isReady) || engine.write(1, this::create);
        }
    }

    private boolean create(WriteTransaction transaction) throws SQLException {
        schema().create(transaction.session());
        return true;
    }

    /** The session of a transaction in which the table is there. */
    private Session prepared(WriteTransaction transaction) throws SQLException {
        if (!ready) {
            schema().create(transaction.session());
            transaction.touch(this);
        }
        return transaction.session();
    }

    private EventSchema schema() {
        return new EventSchema(engine.sessions().file(), name);
    }

    private Optional<StoredEvent> find(Session session, UUID id) throws SQLException {
        PreparedStatement statement = session.statement(sql.find);
        statement.setBytes(1, EventRows.toBytes(id));
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(EventRows.read(row)) : Optional.empty();
        }
    }

    private long newest(Session session) throws SQLException {
        try (ResultSet row = session.statement(sql.newest).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Everything up to the newest position was committed before; what comes later is not looked at. */
    private EventPage after(Session session, long position, EventSelect select, int limit) throws SQLException {
        long newest = newest(session);
        if (position >= newest) {
            return new EventPage(List.of(), position, true);
        }
        long end = Math.min(newest, position + WINDOW);
        EventRows.Page page = select.between(position, end).page(session, limit);
        long reached =
                page.last() ? end : page.events().get(page.events().size() - 1).position();
        return new EventPage(page.events(), reached, reached == newest);
    }
}
