package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.postgres.samples.PostgresSamples;
import dev.tidemark.store.postgres.samples.PostgresSamples.User;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void aStoreAndTheApplicationsOwnSqlCommitTogether() throws Exception {
        User alice = new User("Alice", "alice@example.com");
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend postgres = PostgresSamples.open(database.uri())) {
            database.execute("CREATE TABLE audit (what TEXT NOT NULL)");
            try (Watch<User> watch = postgres.store(JsonCodec.of(User.class)).watch("users", WatchOptions.defaults())) {
                PostgresSamples.commitTogether(postgres, alice);
                assertThat(watch.poll(Duration.ofMinutes(1)).map(Change::value)).contains(alice);
            }
        }
    }

    @Test
    void eventsGoIntoTheDatabaseOfGoes() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend backend = PostgresBackend.open(database.options())) {
            PostgresSamples.insertBesideGoes(database.uri(), database.name(), Deed.TYPES, Deed.event(1));
            assertThat(backend.events(Deed.TYPES).position()).isEqualTo(1);
        }
    }
}
