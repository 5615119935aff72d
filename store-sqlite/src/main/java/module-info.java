/** The SQLite backend. */
module dev.tidemark.store.sqlite {
    requires transitive dev.tidemark.store.api;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports dev.tidemark.store.sqlite;

    provides dev.tidemark.store.spi.BackendProvider with
            dev.tidemark.store.sqlite.SqliteProvider;
}
