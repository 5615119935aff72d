package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** One database: per namespace its statements, its group commits, and its hub. */
final class PostgresEngine implements Engine<byte[]>, AutoCloseable {
    private static final int MAX_REQUESTS = 1_024;
    private static final Duration GATHER = Duration.ofMillis(2);

    private final PostgresOptions options;
    private final Schema schema;
    private final String name;
    private final Calls calls;
    private final Connections connections;
    private final Commits commits;
    private final Reads reads;
    private final Doorbell doorbell;
    private final Listener listener;
    private final EventTables events;
    private final EventDatabase database;
    private final Retention retention;
    private final ConcurrentMap<Long, Namespace> namespaces = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What exists once per namespace. */
    private final class Namespace {
        final Sql sql;
        final Rows rows;
        final GroupCommit<Request, Commit<byte[]>> writes;
        final WatchHub<byte[]> hub;

        Namespace(long number) {
            sql = schema.sql(number);
            rows = new Rows(sql);
            hub = new WatchHub<>(name + "-watch-" + number, new PostgresHistory(sql, reads), options.pollInterval());
            WritePath path = new WritePath(sql, commits, number, doorbell, hub::poke);
            writes = new GroupCommit<>(MAX_REQUESTS, 2, GATHER, path);
        }
    }

    PostgresEngine(PostgresOptions options, Schema schema, String name, Calls calls, Connections connections) {
        this.options = options;
        this.schema = schema;
        this.name = name;
        this.calls = calls;
        this.connections = connections;
        this.commits = new Commits(calls, connections);
        this.reads = new Reads(commits, options.timeout());
        String channel = Doorbell.channel(options.tablePrefix());
        this.doorbell = new Doorbell(connections, channel, name);
        this.events = new EventTables(options, this::database);
        this.listener = new Listener(connections, doorbell, channel, name, this::poke, events::poke);
        this.database = EventDatabase.of(options, calls, connections, doorbell, listener, this);
        this.retention = new Retention(reads, schema.name(), options, this::drained, name);
        retention.start();
    }

    @Override
    public Duration timeout() {
        return options.timeout();
    }

    @Override
    public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
        Namespace open = namespace(namespace);
        return reads.read("an entry", connection -> open.rows.get(connection, kind, key))
                .orElse(null);
    }

    @Override
    public EngineSnapshot<byte[]> snapshot(long namespace) {
        return PostgresSnapshot.open(calls, timeout(), namespace(namespace).sql, connections::forSnapshot);
    }

    @Override
    public EngineSnapshot<byte[]> view(long namespace) {
        return PostgresSnapshot.open(calls, timeout(), namespace(namespace).sql, connections::borrow);
    }

    @Override
    public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
        Namespace open = namespace(namespace);
        if (operations.isEmpty()) {
            return new Commit<>(
                    reads.read("the newest revision", connection -> PostgresHistory.newest(connection, open.sql)),
                    List.of());
        }
        return open.writes.submit(Request.of(operations), Deadline.after(timeout()));
    }

    /** Tells watches here and elsewhere what was committed by somebody else's hands. */
    void announce(long namespace, List<Op<byte[]>> operations) {
        poke(Long.valueOf(namespace));
        operations.stream().map(Op::kind).distinct().forEach(kind -> doorbell.send(Doorbell.payload(namespace, kind)));
    }

    @Override
    public WatchHub<byte[]> hub(long namespace) {
        Namespace open = namespace(namespace);
        if (options.listening()) {
            listener.start();
        }
        return open.hub;
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    EventTables events() {
        return events;
    }

    private EventDatabase database() {
        return database;
    }

    Retention retention() {
        return retention;
    }

    Reads reads() {
        return reads;
    }

    Schema schema() {
        return schema;
    }

    Calls calls() {
        return calls;
    }

    private Namespace namespace(long number) {
        Namespace open = namespaces.get(number);
        if (open == null && !closed) {
            open = namespaces.computeIfAbsent(number, Namespace::new);
        }
        if (closed || open == null) {
            throw new StoreClosedException();
        }
        return open;
    }

    private long drained(long number) {
        Namespace open = namespaces.get(number);
        return open == null ? Long.MAX_VALUE : open.hub.drained();
    }

    private void poke(@Nullable Long number) {
        if (number == null) {
            namespaces.values().forEach(open -> open.hub.poke());
            return;
        }
        Namespace open = namespaces.get(number);
        if (open != null) {
            open.hub.poke();
        }
    }

    @Override
    public void close() {
        closed = true;
        events.close();
        namespaces.values().forEach(open -> open.hub.close());
        namespaces.values().forEach(open -> open.writes.close(timeout()));
        listener.close();
        doorbell.close();
        retention.close();
        connections.close();
        calls.close();
    }
}
