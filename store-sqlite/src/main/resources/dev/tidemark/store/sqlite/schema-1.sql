-- Schema 1 of a Tidemark store in SQLite, with the default table prefix. It is applied when a store is opened; to prepare a
-- file by hand, run it in one transaction. Times are microseconds since 1970-01-01T00:00:00Z.

-- The entries. The tag of an entry is the revision of its last change.
CREATE TABLE zestor_kv (
  ns_id      INTEGER NOT NULL DEFAULT 0,
  kind       TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  tag        INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  value      BLOB    NOT NULL,
  PRIMARY KEY (ns_id, kind, key)
);

-- The changes, as far back as they are retained. Within a namespace revisions are consecutive.
CREATE TABLE zestor_outbox (
  id         INTEGER PRIMARY KEY,
  ns_id      INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  etype      TEXT    NOT NULL CHECK (etype IN ('create', 'update', 'delete')),
  version    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  value      BLOB    NOT NULL,
  UNIQUE (ns_id, revision)
);

-- Where each namespace stands: its newest revision, and the oldest one that a watch can start after.
CREATE TABLE zestor_meta (
  ns_id      INTEGER PRIMARY KEY,
  head       INTEGER NOT NULL,
  floor      INTEGER NOT NULL
);

CREATE TABLE zestor_schema (
  version    INTEGER NOT NULL
);

INSERT INTO zestor_schema (version) VALUES (1);
