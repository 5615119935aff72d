package dev.tidemark.cli;

import java.nio.file.Path;

/** The commands for events, on a PostgreSQL server. */
class PostgresEventsTest extends EventsTest {
    @Override
    Here open(Path in) {
        return Here.on(PostgresServer.shared().newDatabase());
    }
}
