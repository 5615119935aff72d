package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Others may have used up the memory of the process for a moment: no thread of the backend may end by that. */
class ExhaustionTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Has no memory for the first connection of each of the backend's own threads. */
    private static final class Exhausted extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;
        private static final Pattern OWN = Pattern.compile(".*-(listener|doorbell|retention)");

        final Set<String> met = ConcurrentHashMap.newKeySet();

        @Override
        public Connection getConnection() throws SQLException {
            Matcher own = OWN.matcher(Thread.currentThread().getName());
            if (own.matches() && met.add(own.group(1))) {
                throw new OutOfMemoryError("on purpose");
            }
            return super.getConnection();
        }
    }

    private static boolean isNotified(Connection listening) throws SQLException {
        return listening.unwrap(PGConnection.class).getNotifications(100).length > 0;
    }

    @Test
    void aMomentWithoutMemoryIsNotTheEndOfListeningAnnouncingAndCompacting() throws Exception {
        Exhausted source = new Exhausted();
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase()) {
            source.setUrl(database.uriAs("jdbc:postgresql"));
            PostgresOptions unaware = database.options().withPollInterval(NEVER);
            PostgresOptions exhausted = unaware.withDataSource(source)
                    .withCompaction(new Retention.Pace(Duration.ofMillis(20), LONG, Duration.ofNanos(1)));
            try (Connection listening = database.connect();
                    PostgresBackend here = PostgresBackend.open(exhausted);
                    PostgresBackend there = PostgresBackend.open(unaware)) {
                listening.createStatement().execute("LISTEN zestor_events");
                try (Watch<String> heard = here.store(TEXT).watch(WatchOptions.defaults())) {
                    await().atMost(LONG)
                            .until(() -> source.met.containsAll(Set.of("listener", "doorbell", "retention")));
                    await("what only the doorbell announces").atMost(LONG).until(() -> isNotified(listening));
                    there.store(TEXT).set("k", "a", "1");
                    assertThat(next(heard, 1)).extracting(Change::value).containsExactly("1");
                }

                database.execute("UPDATE zestor_outbox SET at = now() - interval '2 days'");
                await().atMost(LONG).until(() -> {
                    try (Connection connection = database.connect()) {
                        return number(connection, "SELECT count(*) FROM zestor_outbox") == 0;
                    }
                });
            }
        }
    }
}
