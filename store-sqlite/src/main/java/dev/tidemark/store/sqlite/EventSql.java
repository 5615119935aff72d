package dev.tidemark.store.sqlite;

/** Every statement of a table of events but its queries, which {@link EventSelect} makes. */
final class EventSql {
    /** The columns of {@link EventRows#read}. */
    static final String COLUMNS =
            "position, id, name, time, aggregate_id, aggregate_name, aggregate_version, data, metadata";

    static final String SAVEPOINT = "SAVEPOINT write";
    static final String ROLLBACK_TO = "ROLLBACK TO write";
    static final String RELEASE = "RELEASE write";

    /** The table, as SQL has it. */
    final String table;

    /** (id, name, time, aggregate id, aggregate name, version, data, metadata) → position, or no row when something is taken. */
    final String insert;

    /** (aggregate id, aggregate name) → version, or null. */
    final String version;

    /** (id) → {@link EventRows#read}. */
    final String find;

    /** (position) → {@link EventRows#read}. */
    final String at;

    /** (id). */
    final String delete;

    /** () → the newest position there ever was, if there was one. */
    final String newest;

    /** (append id) → digest, ids. */
    final String appended;

    /** (append id, digest, ids). */
    final String remember;

    /** (name, owner, until, start, now, longest until) → position, or no row when another owner holds it. */
    final String claim;

    /** (name, owner, from, to). */
    final String move;

    /** (name, owner). */
    final String release;

    EventSql(String name) {
        table = Table.quoted(name);
        String appends = Table.quoted(name + "_appends");
        String subscriptions = Table.quoted(name + "_subscriptions");
        insert = "INSERT INTO " + table
                + " (id, name, time, aggregate_id, aggregate_name, aggregate_version, data, metadata)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING position";
        version = "SELECT max(aggregate_version) FROM " + table + " WHERE aggregate_id = ? AND aggregate_name = ?";
        find = "SELECT " + COLUMNS + " FROM " + table + " WHERE id = ?";
        at = "SELECT " + COLUMNS + " FROM " + table + " WHERE position = ?";
        delete = "DELETE FROM " + table + " WHERE id = ?";
        newest = "SELECT seq FROM sqlite_sequence WHERE name = " + Table.literal(name);
        appended = "SELECT digest, ids FROM " + appends + " WHERE append_id = ?";
        remember = "INSERT INTO " + appends + " (append_id, digest, ids) VALUES (?, ?, ?)";
        claim = "INSERT INTO " + subscriptions + " AS held (name, owner, until, position) VALUES (?1, ?2, ?3, ?4)"
                + " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until"
                + " WHERE held.owner IS NULL OR held.owner = excluded.owner OR held.until <= ?5 OR held.until > ?6"
                + " RETURNING position";
        move = "UPDATE " + subscriptions + " SET position = ?4 WHERE name = ?1 AND owner = ?2 AND position = ?3";
        release = "UPDATE " + subscriptions + " SET owner = NULL, until = 0 WHERE name = ?1 AND owner = ?2";
    }
}
