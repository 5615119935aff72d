package dev.tidemark.store.postgres;

/** The very statements that the backend sends, for those who want to send them without it. */
public final class Statements {
    private Statements() {}

    /** (kind, key) → key, value, version, tag and time of an entry. */
    public static String get(String schema) {
        return of(schema).get;
    }

    /** (kind, key, value) → revision, tag and whether the entry was created. */
    public static String set(String schema) {
        return of(schema).set;
    }

    private static Sql of(String schema) {
        return new Sql('"' + schema + '"', PostgresOptions.defaults().tablePrefix(), 0);
    }
}
