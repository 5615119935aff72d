package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Bench.Measure;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.postgres.PostgresBackend;
import java.util.List;
import java.util.stream.Stream;

/** Appending events, reading the history of an aggregate, and reading everything. */
public final class EventRows {
    private static final int CALLERS = 32;
    private static final EventTypes TYPES = EventTypes.none().with(Note.NAME, Note.class, Note.CODEC);

    private EventRows() {}

    /** The benches of this family. */
    public static List<Bench> benches(Server server) {
        Million.Table table = new Million.Table(server);
        List<Measure> measures = List.of(new Measure("history of 100", "/s"), new Measure("scan", "events/s"));
        return List.of(
                Bench.of("PostgreSQL events, append ×32", "/s", appending(server))
                        .against(
                                "a connection each, one insert",
                                PlainEvents.appending(server, CALLERS, PlainEvents.Appender::new),
                                new Goal.AtLeast(3))
                        .against(
                                "a connection each, version read first",
                                PlainEvents.appending(server, CALLERS, PlainEvents.StrictAppender::new),
                                new Goal.None())
                        .against(Batches.IN_TURN.name(), Batches.IN_TURN.appending(server), new Goal.None())
                        .against(Batches.SHARED.name(), Batches.SHARED.appending(server), new Goal.None()),
                new Bench(
                        "PostgreSQL 1 000 000 events",
                        measures,
                        new Million(table, backend -> reader(backend)),
                        List.of(new Rival(
                                "plain JDBC",
                                new Million(table, backend -> new PlainEvents(backend.dataSource())),
                                List.of(new Goal.AtLeast(0.77), new Goal.AtLeast(0.7)))),
                        false));
    }

    private static Contender appending(Server server) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.open()) {
                EventStore events = backend.events(TYPES);
                return new double[] {Callers.rate(CALLERS, round, number -> appender(events))};
            }
        };
    }

    /** Each caller has an aggregate, and knows its version. */
    private static Caller appender(EventStore events) {
        AggregateId aggregate = AggregateId.random(Note.AGGREGATE);
        int[] version = {0};
        return random -> {
            events.append(aggregate, ExpectedVersion.exactly(version[0]), Note.of(random.nextInt()));
            version[0]++;
        };
    }

    static EventStore store(PostgresBackend backend) {
        return backend.events(TYPES);
    }

    private static Million.Reader reader(PostgresBackend backend) {
        EventStore events = store(backend);
        return new Million.Reader() {
            @Override
            public int history(AggregateId aggregate) {
                return events.list(EventQuery.ofAggregate(aggregate)).size();
            }

            @Override
            public long scan() {
                try (Stream<Event<?>> all = events.query(EventQuery.all())) {
                    return all.filter(event -> event.data() instanceof Note).count();
                }
            }
        };
    }
}
