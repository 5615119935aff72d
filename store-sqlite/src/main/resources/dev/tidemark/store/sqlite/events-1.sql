-- A table of events, with the default name. It is made by the first call that needs it; to prepare a file by hand, run this in one
-- transaction. Another table has its own name instead of "events", also where that is the beginning of a name, and before each
-- goes_. Ids are 16 bytes, the first one the highest. Times are nanoseconds, and leases microseconds, since 1970-01-01T00:00:00Z.

-- The events. An event without a version has NULL, so that it never conflicts; positions are never used twice.
CREATE TABLE "events" (
  id                BLOB(16)     NOT NULL UNIQUE,
  name              VARCHAR(255) NOT NULL,
  time              BIGINT       NOT NULL,
  aggregate_id      BLOB(16),
  aggregate_name    VARCHAR(255),
  aggregate_version INTEGER      CHECK (aggregate_version > 0),
  data              BLOB         NOT NULL,
  position          INTEGER      PRIMARY KEY AUTOINCREMENT,
  metadata          TEXT,
  CHECK ((aggregate_id IS NULL) = (aggregate_name IS NULL) AND (aggregate_id IS NOT NULL OR aggregate_version IS NULL))
);

CREATE INDEX "goes_name" ON "events" (name);

CREATE INDEX "goes_time" ON "events" (time);

CREATE UNIQUE INDEX "goes_aggregate" ON "events" (aggregate_id, aggregate_name, aggregate_version);

-- What was written with an append id: a digest of the payload, and the ids of the events one after the other.
CREATE TABLE "events_appends" (
  append_id TEXT NOT NULL PRIMARY KEY,
  digest    BLOB NOT NULL,
  ids       BLOB NOT NULL
);

-- The named subscriptions: who holds each, until when, and the position up to which it has handled everything.
CREATE TABLE "events_subscriptions" (
  name     TEXT    NOT NULL PRIMARY KEY,
  owner    BLOB,
  until    INTEGER NOT NULL,
  position INTEGER NOT NULL
);
