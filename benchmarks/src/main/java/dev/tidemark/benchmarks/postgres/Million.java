package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.event.AggregateId;
import dev.tidemark.store.postgres.PostgresBackend;
import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads of a large table of events: every aggregate has a hundred of them, far from each other. */
final class Million implements Contender {
    private static final int EVENTS = 1_000_000;
    private static final int HISTORY = 100;

    private static final String FILL = """
            INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data, position)
            SELECT gen_random_uuid(), '%s', n, ('00000000-0000-0000-0000-' || lpad(to_hex(n %% ${aggregates}), 12, '0'))::uuid, '%s',
                   n / ${aggregates} + 1, jsonb_build_object('number', n, 'text', repeat('x', 80)), nextval('events_position')
              FROM generate_series(0, ${events} - 1) n
            """.formatted(Note.NAME, Note.AGGREGATE);

    private final Table table;
    private final Opener opener;
    private @Nullable Reader reader;

    /** A way to read. */
    interface Reader {

        /** Reads the events of an aggregate, and returns how many there were. */
        int history(AggregateId aggregate) throws Exception;

        /** Reads all events, and returns how many there were. */
        long scan() throws Exception;
    }

    /** Makes a reader. */
    interface Opener {
        Reader open(PostgresBackend backend);
    }

    Million(Table table, Opener opener) {
        this.table = table;
        this.opener = opener;
    }

    @Override
    public double[] run(Round round) throws Exception {
        int events = round.profile().size(EVENTS);
        Reader reading = reader == null ? opener.open(table.open(events)) : reader;
        reader = reading;
        double histories = Callers.rate(1, round, number -> random -> readHistory(reading, random, events / HISTORY));
        long start = System.nanoTime();
        long scanned = reading.scan();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (scanned != events) {
            throw new IllegalStateException(scanned + " of " + events + " events were read");
        }
        return new double[] {histories, scanned / seconds};
    }

    private static void readHistory(Reader reader, SplittableRandom random, int aggregates) throws Exception {
        AggregateId aggregate = new AggregateId(Note.AGGREGATE, new UUID(0, random.nextInt(aggregates)));
        int found = reader.history(aggregate);
        if (found != HISTORY) {
            throw new IllegalStateException(aggregate + " has " + found + " events");
        }
    }

    @Override
    public void close() throws SQLException {
        table.close();
    }

    /** The table, which stays for all rounds and all who read it. */
    static final class Table {
        private final Server server;
        private @Nullable Schema schema;
        private @Nullable PostgresBackend backend;

        Table(Server server) {
            this.server = server;
        }

        /** The backend of its schema; fills the table first, if it is the first time. */
        PostgresBackend open(int events) throws IOException, SQLException {
            if (backend != null) {
                return backend;
            }
            Schema place = server.newSchema();
            schema = place;
            PostgresBackend opened = place.open();
            backend = opened;
            // The first call makes the table.
            if (EventRows.store(opened).position() != 0) {
                throw new IllegalStateException("the table is not new");
            }
            place.execute(FILL.replace("${aggregates}", String.valueOf(events / HISTORY))
                    .replace("${events}", String.valueOf(events)));
            place.execute("VACUUM ANALYZE events");
            return opened;
        }

        private void close() throws SQLException {
            if (backend != null) {
                backend.close();
                backend = null;
            }
            if (schema != null) {
                schema.close();
                schema = null;
            }
        }
    }
}
