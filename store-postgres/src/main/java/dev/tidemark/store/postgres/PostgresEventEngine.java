package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One table of events. The first call that needs the table connects, and finds or makes it; when that fails, the next one tries again.
 */
final class PostgresEventEngine implements EventEngine {
    private static final int MAX_REQUESTS = 1_024;
    private static final Duration GATHER = Duration.ofMillis(2);

    private final EventTables owner;
    private final EventTableName name;
    private final boolean json;
    private final Map<Object, Runnable> hints = new ConcurrentHashMap<>();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Open open;

    /** What there is once the table was found. */
    private record Open(
            EventDatabase database,
            EventTable table,
            EventSql sql,
            EventReads reads,
            EventCheckpoints checkpoints,
            GroupCommit<EventWrite, EventReceipt> writes) {}

    PostgresEventEngine(EventTables owner, EventTableName name, boolean json) {
        this.owner = owner;
        this.name = name;
        this.json = json;
    }

    @Override
    public Duration timeout() {
        return owner.options().timeout();
    }

    @Override
    public EventReceipt write(EventWrite write) {
        Deadline deadline = Deadline.after(timeout());
        EventReceipt receipt = open().writes().submit(write, deadline);
        poke();
        return receipt;
    }

    @Override
    public @Nullable StoredEvent find(UUID id) {
        Open table = open();
        return read("an event", connection -> table.reads().find(connection, id))
                .orElse(null);
    }

    @Override
    public EventCursor query(EventQuery query) {
        return PostgresEventCursor.open(sql(), new Runner(), query, false);
    }

    @Override
    public int version(AggregateId aggregate) {
        Open table = open();
        return read("a version", connection -> table.reads().version(connection, aggregate));
    }

    @Override
    public int delete(Collection<UUID> ids) {
        Open table = open();
        return commit("the events to be deleted", connection -> table.reads().deleteInLine(connection, ids));
    }

    @Override
    public long newest() {
        Open table = open();
        return read("the newest position", table.reads()::newest);
    }

    @Override
    public EventPage after(long position, EventQuery filter, int limit) {
        Open table = open();
        return read("events", connection -> table.reads().after(connection, position, filter, limit));
    }

    /** Does not connect; a failure to listen is nothing that polling would not make up for. */
    @Override
    public Registration onCommit(Runnable hint) {
        Object registration = new Object();
        hints.put(registration, hint);
        Open table = open;
        if (table != null) {
            listen(table.database());
        }
        return () -> hints.remove(registration);
    }

    @Override
    public Duration pollInterval() {
        return owner.options().pollInterval();
    }

    @Override
    public OptionalLong claim(String subscription, UUID holder, Duration lease, long start) {
        Open table = open();
        return commit(
                "a subscription to be claimed",
                connection -> table.checkpoints().claim(connection, subscription, holder, lease, start));
    }

    @Override
    public boolean move(Checkpoint step) {
        Open table = open();
        return commit(
                "a checkpoint to be moved", connection -> table.checkpoints().move(connection, step));
    }

    @Override
    public void checkFollowable() {
        owner.checkOpen();
    }

    @Override
    public void release(String subscription, UUID holder) {
        Open table = open();
        commit(
                "a subscription to be released",
                connection -> table.checkpoints().release(connection, subscription, holder));
    }

    @Override
    public TransactionEngine transactions() {
        return owner.transactions();
    }

    EventTables owner() {
        return owner;
    }

    EventSql sql() {
        return open().sql();
    }

    /** Connects and prepares the table, unless that is done. */
    void connect() {
        open();
    }

    /** Says here and in other processes that something was committed. */
    void announce() {
        poke();
        Open table = open;
        if (table != null) {
            table.database().doorbell().send(table.table().announcement());
        }
    }

    private void poke() {
        hints.values().forEach(Runnable::run);
    }

    void poke(@Nullable Long oid) {
        Open table = open;
        if (table != null && (oid == null || oid == table.table().oid())) {
            poke();
        }
    }

    void close(Duration timeout) {
        Open table = open;
        hints.values().forEach(Runnable::run);
        if (table != null) {
            table.writes().close(timeout);
        }
    }

    private void listen(EventDatabase database) {
        if (database.options().listening()) {
            database.listener().start();
        }
    }

    private Open open() {
        owner.checkOpen();
        Open table = open;
        return table != null ? table : openNow();
    }

    private Open openNow() {
        EventConnector.lock(opening, Deadline.after(timeout()), "the table that another call prepares");
        try {
            Open table = open;
            if (table == null) {
                table = prepare(owner.database());
                open = table;
            }
            if (!hints.isEmpty()) {
                listen(table.database());
            }
            return table;
        } finally {
            opening.unlock();
        }
    }

    private Open prepare(EventDatabase database) {
        PostgresOptions options = owner.options();
        EventSchema schema = new EventSchema(name, json, Doorbell.channel(options.tablePrefix()));
        EventTable table = database.reads()
                .read(
                        "the table of events",
                        connection -> schema.prepare(connection, options.schemaMode(), options.timeout()));
        EventSql sql = new EventSql(table, json, Doorbell.channel(options.tablePrefix()));
        EventWritePath path = new EventWritePath(sql, database.commits(), database.doorbell());
        return new Open(
                database,
                table,
                sql,
                new EventReads(sql),
                new EventCheckpoints(sql),
                new GroupCommit<>(MAX_REQUESTS, 1, GATHER, path));
    }

    private <T> T read(String waitingFor, Reads.Query<T> query) {
        return owner.database().reads().read(waitingFor, query);
    }

    private <T> T commit(String waitingFor, Reads.Query<T> statement) {
        return owner.database().commits().commit(Deadline.after(timeout()), waitingFor, statement);
    }

    /** Pages are read as everything else is. */
    private final class Runner implements PostgresEventCursor.Runner {
        @Override
        public <T> T run(String waitingFor, Reads.Query<T> query) {
            return read(waitingFor, query);
        }

        @Override
        public void checkOpen() {
            owner.checkOpen();
        }
    }
}
