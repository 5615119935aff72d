package dev.tidemark.store.postgres.samples;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresEventOptions;
import dev.tidemark.store.postgres.PostgresEvents;
import dev.tidemark.store.postgres.PostgresOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The samples of the documentation that need a server; a test runs them. */
public final class PostgresSamples {
    private PostgresSamples() {}

    public record User(String name, String email) {}

    /** Opens a backend; the caller closes it. */
    public static PostgresBackend open(String uri) {
        PostgresBackend postgres = PostgresBackend.open(
                PostgresOptions.of(uri).withPoolSize(8)); // postgresql://app:secret@db:5432/app?sslmode=require
        return postgres;
    }

    public static void commitTogether(PostgresBackend postgres, User alice) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Store<User> users = postgres.withConnection(connection).store(JsonCodec.of(User.class));
            users.set("users", "alice", alice);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO audit (what) VALUES ('alice has changed')");
            }
            connection.commit(); // both, or neither; watches see it now
        }
    }

    public static void insertBesideGoes(String url, String database, EventTypes types, Event<?> event) {
        PostgresEventOptions options = PostgresEventOptions.defaults()
                .withUrl(url) // unless set, that of the environment variable POSTGRES_EVENTSTORE
                .withDatabase(database) // goes unless set; made if it is missing
                .withTable("events");
        try (PostgresEvents goes = PostgresEvents.of(options)) {
            EventStore events = goes.store(types);
            events.insert(event); // connects, and makes or widens the table
        }
    }
}
