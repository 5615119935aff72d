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
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A table of events inside a transaction of the caller's: what it wrote there is there, and has no positions yet. */
final class JoinedEvents implements EventEngine {
    private final PostgresEventEngine table;
    private final JoinedConnection connection;
    private final TransactionEngine transactions;

    JoinedEvents(PostgresEventEngine table, JoinedConnection connection, TransactionEngine transactions) {
        this.table = table;
        this.connection = connection;
        this.transactions = transactions;
    }

    @Override
    public Duration timeout() {
        return table.timeout();
    }

    @Override
    public EventReceipt write(EventWrite write) {
        return connection.write(table, write, EventTransactionWrite.Stamping.BY_COMMIT);
    }

    @Override
    public @Nullable StoredEvent find(UUID id) {
        EventReads reads = new EventReads(table.sql());
        return connection.run("an event", open -> reads.find(open, id)).orElse(null);
    }

    @Override
    public EventCursor query(EventQuery query) {
        return PostgresEventCursor.open(table.sql(), connection, query, true);
    }

    @Override
    public int version(AggregateId aggregate) {
        EventReads reads = new EventReads(table.sql());
        return connection.run("a version", open -> reads.version(open, aggregate));
    }

    @Override
    public int delete(Collection<UUID> ids) {
        EventReads reads = new EventReads(table.sql());
        return connection.run(
                "the events to be deleted",
                open -> Commits.orTakenBack(open, transaction -> reads.delete(transaction, ids)));
    }

    @Override
    public long newest() {
        return connection.run("the newest position", new EventReads(table.sql())::newest);
    }

    @Override
    public EventPage after(long position, EventQuery filter, int limit) {
        EventReads reads = new EventReads(table.sql());
        return connection.run("events", open -> reads.after(open, position, filter, limit));
    }

    @Override
    public Registration onCommit(Runnable hint) {
        throw unsupported();
    }

    @Override
    public Duration pollInterval() {
        return table.pollInterval();
    }

    @Override
    public OptionalLong claim(String subscription, UUID owner, Duration lease, long start) {
        throw unsupported();
    }

    @Override
    public boolean move(Checkpoint step) {
        throw unsupported();
    }

    @Override
    public void checkFollowable() {
        throw unsupported();
    }

    @Override
    public void release(String subscription, UUID owner) {
        throw unsupported();
    }

    @Override
    public TransactionEngine transactions() {
        return transactions;
    }

    PostgresEventEngine table() {
        return table;
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException(
                "a transaction sees no commits; subscribe to an event store of the backend itself");
    }
}
