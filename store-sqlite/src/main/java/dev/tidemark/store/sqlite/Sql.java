package dev.tidemark.store.sqlite;

/** Every statement of the store; the schema itself is in the resources. */
final class Sql {
    static final String BEGIN_READ = "BEGIN";
    static final String BEGIN_WRITE = "BEGIN IMMEDIATE";
    static final String COMMIT = "COMMIT";
    static final String ROLLBACK = "ROLLBACK";

    /** (namespace, kind, key) → {@link Rows#entry}. */
    final String get;

    /** (namespace, kind, from, to) → number of keys. */
    final String count;

    /** (namespace, kind, from, to, limit) → keys. */
    final String keys;

    /** (namespace, kind, from, to, limit) → {@link Rows#entry}. */
    final String page;

    /** (namespace) → kinds. One search of the index per kind, however many keys a kind has. */
    final String kinds;

    /** (namespace, kind, key) → tag. */
    final String tag;

    /** (namespace, kind, key, tag, time, value, even if equal) → version, or no row when nothing changed. */
    final String put;

    /** (namespace, kind, key) → version and value of what was deleted. */
    final String delete;

    /** (namespace, revision, kind, key, type, version, time, value). */
    final String append;

    /** (namespace) → head, floor. */
    final String line;

    /** (namespace, head). */
    final String advance;

    /** (namespace, floor). */
    final String raiseFloor;

    /** (namespace, revision): deletes up to it. */
    final String dropChanges;

    /** (namespace, floor, how many to look at, time) → the last of them that is older. */
    final String expired;

    /** () → namespaces that have history. */
    final String namespaces;

    /** (namespace, revision, limit) → head, floor and {@link Rows#change}, one of them null when no change follows. */
    final String changes;

    Sql(String prefix) {
        String kv = prefix + "_kv";
        String outbox = prefix + "_outbox";
        String meta = prefix + "_meta";
        String inRange = " FROM " + kv + " WHERE ns_id = ? AND kind = ? AND key >= ? AND key < ?";
        String oneKey = " WHERE ns_id = ? AND kind = ? AND key = ?";
        get = "SELECT kind, key, version, tag, updated_at, value FROM " + kv + oneKey;
        count = "SELECT count(*)" + inRange;
        keys = "SELECT key" + inRange + " ORDER BY key LIMIT ?";
        page = "SELECT kind, key, version, tag, updated_at, value" + inRange + " ORDER BY key LIMIT ?";
        kinds = "WITH RECURSIVE found (kind) AS (SELECT min(kind) FROM " + kv + " WHERE ns_id = ?1 UNION ALL"
                + " SELECT (SELECT min(kind) FROM " + kv + " WHERE ns_id = ?1 AND kind > found.kind) FROM found"
                + " WHERE found.kind IS NOT NULL) SELECT kind FROM found WHERE kind IS NOT NULL";
        tag = "SELECT tag FROM " + kv + oneKey;
        put = "INSERT INTO " + kv + " AS old (ns_id, kind, key, version, tag, updated_at, value)"
                + " VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (ns_id, kind, key) DO UPDATE SET version = old.version + 1,"
                + " tag = excluded.tag, updated_at = excluded.updated_at, value = excluded.value"
                + " WHERE ? OR old.value IS NOT excluded.value RETURNING version";
        delete = "DELETE FROM " + kv + oneKey + " RETURNING version, value";
        append = "INSERT INTO " + outbox + " (ns_id, revision, kind, key, etype, version, at, value)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        line = "SELECT head, floor FROM " + meta + " WHERE ns_id = ?";
        advance = "INSERT INTO " + meta + " (ns_id, head, floor) VALUES (?, ?, 0)"
                + " ON CONFLICT (ns_id) DO UPDATE SET head = excluded.head";
        raiseFloor = "UPDATE " + meta + " SET floor = ?2 WHERE ns_id = ?1";
        dropChanges = "DELETE FROM " + outbox + " WHERE ns_id = ? AND revision <= ?";
        expired = "SELECT max(revision) FROM (SELECT revision, at FROM " + outbox
                + " WHERE ns_id = ? AND revision > ? ORDER BY revision LIMIT ?) WHERE at < ?";
        namespaces = "SELECT ns_id FROM " + meta + " WHERE head > floor";
        changes = "SELECT m.head, m.floor, o.etype, o.kind, o.key, o.version, o.revision, o.at, o.value FROM " + meta
                + " m LEFT JOIN " + outbox + " o ON o.ns_id = m.ns_id AND o.revision > ?2"
                + " WHERE m.ns_id = ?1 ORDER BY o.revision LIMIT ?3";
    }
}
