package dev.tidemark.store.postgres;

import org.jspecify.annotations.Nullable;

/** What tables of events need of an open database. */
record EventDatabase(
        PostgresOptions options,
        Calls calls,
        Connections connections,
        Reads reads,
        Commits commits,
        Doorbell doorbell,
        Listener listener,
        @Nullable PostgresEngine entries) {

    static EventDatabase of(
            PostgresOptions options,
            Calls calls,
            Connections connections,
            Doorbell doorbell,
            Listener listener,
            @Nullable PostgresEngine entries) {
        Commits commits = new Commits(calls, connections);
        Reads reads = new Reads(commits, options.timeout());
        return new EventDatabase(options, calls, connections, reads, commits, doorbell, listener, entries);
    }
}
