/** The PostgreSQL backend. */
module dev.tidemark.store.postgres {
    requires transitive dev.tidemark.store.api;
    requires transitive java.sql;
    requires static transitive org.jspecify;
    requires static org.checkerframework.checker.qual;
    requires com.zaxxer.hikari;
    requires org.postgresql.jdbc;

    exports dev.tidemark.store.postgres;
    exports dev.tidemark.store.postgres.socket to
            org.postgresql.jdbc;

    provides dev.tidemark.store.spi.BackendProvider with
            dev.tidemark.store.postgres.PostgresProvider;
}
