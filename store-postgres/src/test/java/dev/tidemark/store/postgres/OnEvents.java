package dev.tidemark.store.postgres;

import dev.tidemark.event.EventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of which each has a database to itself, and events in it. */
abstract class OnEvents {
    PostgresServer.Database database;
    PostgresBackend backend;
    EventStore store;

    /** Those of the database unless overridden. */
    PostgresOptions options() {
        return database.options();
    }

    @BeforeEach
    final void openEvents() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(options());
        store = backend.events(Deed.TYPES);
    }

    @AfterEach
    final void dropEvents() {
        backend.close();
        database.close();
    }
}
