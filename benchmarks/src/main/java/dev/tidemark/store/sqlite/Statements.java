package dev.tidemark.store.sqlite;

/** The very statements that the backend runs, for those who want to run them without it. */
public final class Statements {
    private static final Sql SQL = new Sql("zestor");

    private Statements() {}

    /** (namespace, kind, key) → kind, key, version, tag, time and value of an entry. */
    public static String get() {
        return SQL.get;
    }

    /** (namespace, kind, key, tag, time, value, even if equal) → version, if the entry was changed. */
    public static String put() {
        return SQL.put;
    }

    /** (namespace, revision, kind, key, type, version, time, value). */
    public static String append() {
        return SQL.append;
    }

    /** (namespace) → head and floor of the line of changes. */
    public static String line() {
        return SQL.line;
    }

    /** (namespace, head). */
    public static String advance() {
        return SQL.advance;
    }
}
